namespace MoMo.Tests.Support;

/// <summary>A fresh, empty database for one test or test class. It goes with the test run.</summary>
/// <param name="Name">Its name in the cluster.</param>
/// <param name="OwnerConnectionString">As the owner of everything, without pooling: for migrations.</param>
/// <param name="AppConnectionString">As the runtime role, which may do what the migrations grant.</param>
public sealed record TestDatabase(string Name, string OwnerConnectionString, string AppConnectionString);
