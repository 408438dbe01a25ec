namespace MoMo.Silo.Docs;

/// <summary>What the parameters mean that several operations share.</summary>
internal static class ParameterWords
{
    public static string Of(string name, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return name switch
        {
            "account" => "The account's id; small and capital letters are the same.",
            "account_id" => "Only those of this account. A key of several accounts must name one.",
            "adapter" when path.Contains("{adapter}", StringComparison.Ordinal) => "The adapter's id.",
            "adapter" => "Only those that came through this adapter.",
            "after" => "The next of the page before; opaque.",
            "cause" => "Only those that failed for this reason: account_rejected, account_unreachable, bad_destination or hub_fault.",
            "dead_letters" => "give_up: delete it although it has dead letters, which nobody can send again then. When it is paused, what is pending is given up with them.",
            "destination" when path.EndsWith("/deliveries", StringComparison.Ordinal) => "Only those to this destination; give account_id, too.",
            "destination" => "The destination's id.",
            "from" when path.EndsWith("/counts", StringComparison.Ordinal) => "Only those first asked for at or after this time: RFC 3339.",
            "from" => "Only those received at or after this time: RFC 3339, such as 2026-03-01T00:00:00Z.",
            "id" => $"The id of the {Noun(path)}.",
            "key" => "The key's id, its visible part; not the key itself.",
            "kind" => "What the format calls it, such as confirmation; may be left out.",
            "limit" => "Items at most: 1 to 500; 50 by default.",
            "name" when path.EndsWith("/files", StringComparison.Ordinal) => "The file's name, for people; at most 255 characters.",
            "name" => "Only the one of this name, compared without case.",
            "payment_id" when path.StartsWith("/v1/messages", StringComparison.Ordinal) => "Only those that repeat this payment with other content.",
            "payment_id" => "Only those of this payment.",
            "psp" when path.Contains("{psp}", StringComparison.Ordinal) => "The PSP's id.",
            "psp" => "Only those of this PSP.",
            "psp_reference" => "Only the one with this id at its PSP; give psp, too.",
            "reference" when path.EndsWith("/status-questions", StringComparison.Ordinal) => "Only the one about this reference.",
            "reference" => "The reference's id; a slash in it is written %2F.",
            "reference_id" => "Only those of this reference; give account_id or from, too.",
            "secret" => "The secret part of the address, as the answer showed it that created the adapter.",
            "sequence_from" => "Only those with this number of the account or a higher one; give account_id, too.",
            "sequence_to" => "Only those with this number of the account or a lower one; give account_id, too.",
            "sha256" => "The SHA-256 of the message's bytes, 64 hex digits.",
            "state" when path.EndsWith("/status-questions", StringComparison.Ordinal) => "waiting, found, failed, reversed, conflict or given_up.",
            "state" => "pending, delivered or dead.",
            "status" when path.StartsWith("/v1/reversals", StringComparison.Ordinal) => "accepted, suspense, orphaned or held.",
            "status" => "accepted or suspense.",
            "to" when path.EndsWith("/counts", StringComparison.Ordinal) => "Only those first asked for before this time: RFC 3339.",
            "to" => "Only those received before this time: RFC 3339.",
            "why" => "Only those kept for this reason: the code of a refusal, such as payment-differs, address-refused, validation, status-given-up, status-mismatch, or what it is instead: pending, info, outgoing, fee, failed, reversal, return, test-mode.",
            _ => "",
        };
    }

    private static string Noun(string path) => path.Split('/') switch
    {
        [_, "v1", "payments", ..] or [_, "v1", "suspense", ..] => "payment",
        [_, "v1", "reversals", ..] => "reversal",
        [_, "v1", "deliveries", "replays", ..] => "replay",
        [_, "v1", "deliveries", ..] => "delivery",
        [_, "v1", "files", ..] => "file",
        _ => "thing",
    };
}
