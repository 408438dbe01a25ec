using MoMo.Simulator.Hunt;

return await SimulateCommand.Make().Parse(args).InvokeAsync();
