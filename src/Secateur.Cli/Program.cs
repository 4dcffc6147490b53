using System.Runtime.InteropServices;
using Secateur.Cli;

using var stop = new CancellationTokenSource();

// The first Ctrl-C asks the work to stop and leaves what is done; a second one ends the process at once.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return Tool.Run(args, Terminal.OfProcess(), stop.Token);
