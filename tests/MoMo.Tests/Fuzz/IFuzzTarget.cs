namespace MoMo.Tests.Fuzz;

/// <summary>One reader of foreign bytes, as the <see cref="Fuzzer"/> sees it. A new one is one small class and one line in <see cref="FuzzTargets"/>.</summary>
internal interface IFuzzTarget
{
    /// <summary>As it is shown, such as <c>payment json</c>.</summary>
    string Name { get; }

    /// <summary>Real inputs, from which all others are made; the first is accepted.</summary>
    IReadOnlyList<byte[]> Samples { get; }

    /// <summary>What one reading may allocate, whatever it reads, in bytes.</summary>
    long AllocatedMin => 1 << 20;

    /// <summary>What it may allocate besides for each byte of the input.</summary>
    long AllocatedPerByteMax => 400;

    /// <summary>Reads an input as the product does, and checks what must hold for every input.</summary>
    /// <returns>What came of it: a refusal or a result. To throw is a defect.</returns>
    FuzzOutcome Run(byte[] input);
}
