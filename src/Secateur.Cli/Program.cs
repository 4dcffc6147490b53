using System.CommandLine;

var root = new RootCommand("Pre-trained transformers made smaller and faster without training them again.");
return await root.Parse(args).InvokeAsync();
