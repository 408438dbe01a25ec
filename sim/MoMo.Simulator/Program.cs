using MoMo.Simulator.Hunt;

return SimulateCommand.Make().Parse(args).Invoke();
