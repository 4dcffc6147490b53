using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Secateur.Tests.Cli;

namespace Secateur.Tests.Sweeps;

/// <summary>A real Slurm of one node on this machine, with its own configuration, ports and folder; it ends with the test.</summary>
internal sealed class SlurmCluster : IDisposable
{
    const int Tries = 600;

    readonly TemporaryFolder folder = new();
    readonly List<Process> daemons = [];

    /// <summary>Starts it and waits until the node takes work.</summary>
    /// <exception cref="SkipException">Slurm is not installed.</exception>
    public SlurmCluster()
    {
        foreach (string program in (string[])["slurmctld", "slurmd", "sbatch"])
            Skip.If(Find(program) is null, $"{program} is not installed (Debian: apt-get install slurm-wlm)");
        Directory.CreateDirectory(folder["state"]);
        Directory.CreateDirectory(folder["spool"]);
        File.WriteAllText(folder["slurm.conf"], Configuration());
        try
        {
            daemons.Add(Start("slurmctld", "-D", "-c"));
            daemons.Add(Start("slurmd", "-D", "-N", "localhost"));
            for (int i = 0; Run("sinfo", "--noheader", "--format=%T").Out.Trim() != "idle"; i++)
                if (i == Tries || daemons.Exists(daemon => daemon.WaitForExit(100)))
                    throw new InvalidOperationException($"Slurm does not start: {string.Join('\n', Directory.EnumerateFiles(folder.Path, "*.log").Select(File.ReadAllText))}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Hands a script in and waits until all its tasks are done.</summary>
    /// <param name="script">For sbatch.</param>
    /// <param name="at">Where the tasks run and leave what they print.</param>
    public Captured Submit(string script, string at) => Run("sbatch", "--wait", $"--chdir={at}", script);

    public void Dispose()
    {
        if (daemons.Count > 0)
            Run("scancel", "--full", $"--user={Environment.UserName}");
        foreach (Process daemon in Enumerable.Reverse(daemons))
        {
            daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
            daemon.Dispose();
        }

        folder.Dispose();
    }

    string Configuration() => $"""
        ClusterName=secateur
        SlurmctldHost=localhost(127.0.0.1)
        SlurmctldPort={FreePort()}
        SlurmdPort={FreePort()}
        AuthType=auth/none
        CredType=cred/none
        SlurmUser={Environment.UserName}
        SlurmdUser={Environment.UserName}
        StateSaveLocation={folder["state"]}
        SlurmdSpoolDir={folder["spool"]}
        SlurmctldPidFile={folder["slurmctld.pid"]}
        SlurmdPidFile={folder["slurmd.pid"]}
        SlurmctldLogFile={folder["slurmctld.log"]}
        SlurmdLogFile={folder["slurmd.log"]}
        SlurmdParameters=config_overrides
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        SwitchType=switch/none
        MpiDefault=none
        ReturnToService=2
        SelectType=select/cons_tres
        SelectTypeParameters=CR_Core
        NodeName=localhost NodeAddr=127.0.0.1 CPUs=2
        PartitionName=all Nodes=localhost Default=YES

        """;

    Captured Run(string program, params string[] words)
    {
        using Process process = Start(program, words);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    Process Start(string program, params string[] words)
    {
        var start = new ProcessStartInfo(Find(program)!, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string set in start.Environment.Keys.Where(name => name.StartsWith("SLURM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(set);
        start.Environment["SLURM_CONF"] = folder["slurm.conf"];
        return Process.Start(start)!;
    }

    static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/usr/bin"])
        .Where(path => path.Length > 0).Select(path => Path.Combine(path, program)).FirstOrDefault(File.Exists);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
