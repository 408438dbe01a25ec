using System.CommandLine.Invocation;
using MoMo.Simulator.Hunt;

var parsed = SimulateCommand.Make().Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Action is ParseErrorAction ? SimulateCommand.Misused : code;
