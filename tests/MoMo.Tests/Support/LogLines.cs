using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MoMo.Tests.Support;

/// <summary>Keeps what is logged, as a structured log has it: level, category, event, fields.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> said = [];

    public IReadOnlyCollection<string> Said => said;

    public ILogger CreateLogger(string categoryName) => new Line(categoryName, said);

    public void Dispose() { }

    private sealed class Line(string category, ConcurrentQueue<string> said) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = ((IReadOnlyList<KeyValuePair<string, object?>>)state!).Where(one => one.Key != "{OriginalFormat}").Select(one => $"{one.Key}={one.Value}");
            said.Enqueue($"{logLevel} {category} {eventId.Name} {string.Join(' ', fields)}");
        }
    }
}
