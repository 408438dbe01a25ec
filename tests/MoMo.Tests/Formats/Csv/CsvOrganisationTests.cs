using System.Text;
using MoMo.Domain.Files;
using MoMo.Edge.Formats.Csv;
using MoMo.Tests.Specs;

namespace MoMo.Tests.Formats.Csv;

/// <summary>The statement of an M-Pesa organisation, with the settings that the documentation of <see cref="CsvSettings"/> shows.</summary>
public sealed class CsvOrganisationTests
{
    private const string Settings = """
        {
          "header_contains": "Receipt No.", "currency": "KES", "thousands_marks": [","], "time_zone": "Africa/Nairobi",
          "columns": {
            "psp_reference": "Receipt No.", "credit": "Paid In", "debit": "Withdrawn", "paid_at": "Completion Time",
            "text": ["A/C No.", "Details"], "original_reference": "Linked Transaction ID"
          },
          "paid_at_formats": ["dd-MM-yyyy HH:mm:ss", "yyyy-MM-dd HH:mm:ss"],
          "text_of": "first", "text_after": ["Account Number ", "Acc. "],
          "filters": [
            { "column": "Transaction Status", "equals": "Completed", "otherwise": "pending" },
            { "column": "Details", "not_in": ["Pay Bill Charge*"], "otherwise": "fee" },
            { "column": "Reason Type", "not_in": ["*Reversal*"], "otherwise": "reversal" }
          ]
        }
        """;

    private const string Preamble = """
        Organization Name,MOMO ENERGY LTD
        Short Code,600638
        Account,Working Account
        "Time Period","From 01-01-2026 00:00:00 To 31-01-2026 23:59:59"

        Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.

        """;

    [Fact]
    public async Task A_statement_tells_payments_charges_reversals_and_what_is_pending()
    {
        var file = Preamble + """
            QCV1,15-01-2026 09:30:47,15-01-2026 09:30:40,"Pay Bill from 2547*****126 - JANE DOE Acc. 4001#INV-77",Completed,"12,345.00",,"12,345.00",true,Pay Utility,2547***** - JANE,,4001#INV-77
            QCV1,15-01-2026 09:30:47,15-01-2026 09:30:40,Pay Bill Charge,Completed,,-23.00,"12,322.00",true,Pay Bill Charge,,,
            QCV2,2026-01-15 09:31:00,2026-01-15 09:31:00,"Pay Bill from 2547*****126 - JOHN DOE Acc. 4002",Completed,100.00,,"12,422.00",true,Pay Utility,2547***** - JOHN,,
            QCV3,15-01-2026 09:32:00,15-01-2026 09:32:00,Pay Bill from 2547*****126,Declined,50.00,,"12,422.00",true,Pay Utility,,,4003
            QCV4,16-01-2026 10:00:00,16-01-2026 10:00:00,Transaction Reversal,Completed,,-100.00,"12,322.00",true,Transaction Reversal,2547***** - JOHN,QCV2,
            QCV6,16-01-2026 10:30:00,16-01-2026 10:30:00,Transaction Reversal,Completed,500.00,,"12,822.00",true,Business Payment Reversal,2547***** - JOHN,QCU9,
            QCV5,16-01-2026 11:00:00,16-01-2026 11:00:00,Organization Withdrawal,Completed,,"-10,000.00","2,322.00",true,Withdrawal,,,

            """;
        var entries = await StatementEntries.ReadAsync(new CsvFormat(), Encoding.UTF8.GetBytes(file), Settings);
        Assert.Equal("""
            7 payment KES 12345.00 QCV1 4001#INV-77
            8 Fee KES 23.00 QCV1
            9 payment KES 100.00 QCV2 4002
            10 Pending KES 50.00 QCV3
            11 Reversal KES 100.00 QCV4 of QCV2
            12 Return KES 500.00 QCV6
            13 Outgoing KES 10000.00 QCV5
            """.ReplaceLineEndings("\n"), StatementEntries.Summary(entries));
        Assert.All(entries.OfType<PaymentEntry>(), payment => Assert.Equal(6, payment.Notice.PaidAt!.Instant.Hour));
    }
}
