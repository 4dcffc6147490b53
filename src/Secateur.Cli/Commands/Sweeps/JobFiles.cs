using System.Text.Encodings.Web;
using System.Text.Json;

namespace Secateur.Cli.Commands.Sweeps;

/// <summary>Job files: each task is told how many parts there are, and finds by itself which one it is.</summary>
internal static class JobFiles
{
    /// <summary>How this tool is started on this machine.</summary>
    internal static string[] ThisTool()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "secateur.dll");
        string process = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(process) == "secateur" ? [process] : [process, library];
    }

    /// <summary>A script for sbatch: a job array, a task a part.</summary>
    /// <param name="tool">How the tool is started, on every machine.</param>
    /// <param name="words">Its arguments.</param>
    /// <param name="parts">How many parts.</param>
    /// <param name="cores">Cores of a task.</param>
    /// <param name="folder">Of the results.</param>
    internal static string Slurm(string[] tool, string[] words, int parts, int cores, string folder) => $"""
        #!/bin/bash
        #SBATCH --job-name=secateur
        #SBATCH --array=1-{parts}
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task={cores}
        #SBATCH --requeue
        #SBATCH --open-mode=append

        # A task that was stopped goes on where it was; for tasks 3 and 5 again: sbatch --array=3,5 and this file.
        # When all are done: {string.Join(' ', (string[])[.. tool, "merge", folder]).ReplaceLineEndings(" ")}
        exec {string.Join(' ', tool.Concat(words).Select(Quoted))}

        """;

    /// <summary>An Indexed Job.</summary>
    /// <param name="image">Has the tool on its path.</param>
    /// <param name="words">The tool's arguments.</param>
    /// <param name="parts">How many parts.</param>
    /// <param name="cores">Cores of a part.</param>
    /// <param name="claim">Names a volume claim that many may write.</param>
    /// <param name="path">Where it is mounted.</param>
    /// <param name="folder">Of the results.</param>
    internal static string Kubernetes(string image, string[] words, int parts, int cores, string claim, string path, string folder) => $"""
        # When the job is complete: secateur merge {folder.ReplaceLineEndings(" ")}
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: secateur
        spec:
          completionMode: Indexed
          completions: {parts}
          parallelism: {parts}
          template:
            spec:
              restartPolicy: OnFailure # a part that was stopped goes on where it was
              containers:
                - name: secateur
                  image: {Text(image)}
                  workingDir: {Text(path)}
                  command: ["secateur"]
                  args: [{string.Join(", ", words.Select(Text))}]
                  resources:
                    requests:
                      cpu: {cores}
                    limits:
                      cpu: {cores}
                  volumeMounts:
                    - name: results
                      mountPath: {Text(path)}
              volumes:
                - name: results
                  persistentVolumeClaim:
                    claimName: {Text(claim)}

        """;

    /// <summary>A word as a shell reads it back.</summary>
    internal static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:,=@%+".Contains(c)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A word as YAML reads it back: JSON in double quotes is YAML. Kubernetes replaces $(NAME) in arguments, and $$ stands for $.</summary>
    static string Text(string word) => $"\"{JsonEncodedText.Encode(word.Replace("$(", "$$(", StringComparison.Ordinal), JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
