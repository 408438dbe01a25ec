using System.Text.Json;
using System.Text.Json.Serialization;

namespace MoMo.Client.Wire;

/// <summary>
/// How wire records are written: snake_case, nulls left out of requests, source-generated. Generated readers set every <c>init</c>
/// property, to null when the JSON has none, so a property with a default has to restore it itself.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NewPayment))]
[JsonSerializable(typeof(PaymentView))]
[JsonSerializable(typeof(ReversalView))]
[JsonSerializable(typeof(AssignSpec))]
[JsonSerializable(typeof(UnlinkSpec))]
[JsonSerializable(typeof(RoutingQuestion))]
[JsonSerializable(typeof(RoutingView))]
[JsonSerializable(typeof(BulkLine))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(PspSpec))]
[JsonSerializable(typeof(PspView))]
[JsonSerializable(typeof(AdapterSpec))]
[JsonSerializable(typeof(AdapterView))]
[JsonSerializable(typeof(AdapterReport))]
[JsonSerializable(typeof(CredentialView))]
[JsonSerializable(typeof(ChannelSpec))]
[JsonSerializable(typeof(ChannelView))]
[JsonSerializable(typeof(ChannelTestView))]
[JsonSerializable(typeof(BackfillSpec))]
[JsonSerializable(typeof(BackfillView))]
[JsonSerializable(typeof(Page<BackfillView>))]
[JsonSerializable(typeof(StatusQuestionSpec))]
[JsonSerializable(typeof(StatusQuestionView))]
[JsonSerializable(typeof(StatusCountsView))]
[JsonSerializable(typeof(AskAgainSpec))]
[JsonSerializable(typeof(AskAgainView))]
[JsonSerializable(typeof(Page<StatusQuestionView>))]
[JsonSerializable(typeof(AdapterStateView))]
[JsonSerializable(typeof(AccountSpec))]
[JsonSerializable(typeof(AccountView))]
[JsonSerializable(typeof(ReferenceSpec))]
[JsonSerializable(typeof(ReferenceView))]
[JsonSerializable(typeof(DestinationSpec))]
[JsonSerializable(typeof(DestinationView))]
[JsonSerializable(typeof(DeliveryView))]
[JsonSerializable(typeof(ReplaySpec))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(KeySpec))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(FileView))]
[JsonSerializable(typeof(MessageView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(VerifyView))]
[JsonSerializable(typeof(Page<PaymentView>))]
[JsonSerializable(typeof(Page<ReversalView>))]
[JsonSerializable(typeof(Page<PspView>))]
[JsonSerializable(typeof(Page<AdapterView>))]
[JsonSerializable(typeof(Page<AdapterStateView>))]
[JsonSerializable(typeof(Page<AccountView>))]
[JsonSerializable(typeof(Page<ReferenceView>))]
[JsonSerializable(typeof(Page<DestinationView>))]
[JsonSerializable(typeof(Page<DeliveryView>))]
[JsonSerializable(typeof(Page<KeyView>))]
[JsonSerializable(typeof(Page<FileView>))]
[JsonSerializable(typeof(Page<MessageView>))]
public sealed partial class MoMoJson : JsonSerializerContext;
