namespace Secateur.Cli.CommandLine;

/// <summary>What each shell runs to complete a command line. All of them ask the tool itself (<see cref="Suggestions"/>), and complete files
/// where it has nothing to say.</summary>
internal static class CompletionScripts
{
    const string Bash = """
        # Shell completion of secateur for bash:  source <(secateur completion bash)
        _secateur() {
            local line=${COMP_LINE:0:COMP_POINT} word before candidate
            word=${line##*[[:space:]]}
            if [[ $word == --*=* ]]; then
                line="${line%"$word"}${word%%=*} ${word#*=}"
                word=${word#*=}
            fi
            # Bash ends a word at a colon: what stands before it is there already.
            before=${word%"${word##*:}"}
            COMPREPLY=()
            while IFS= read -r candidate; do
                [[ -n $candidate && $candidate == "$word"* ]] && COMPREPLY+=("${candidate#"$before"}")
            done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _secateur secateur ./secateur
        """;

    const string Zsh = """
        #compdef secateur
        # Shell completion of secateur for zsh, after compinit:  source <(secateur completion zsh)
        _secateur() {
            local line="secateur ${(j: :)words[2,CURRENT-1]}"
            [[ $CURRENT -gt 2 ]] && line+=" "
            line+="$PREFIX"
            local -a candidates
            candidates=(${(f)"$($words[1] "[suggest:${#line}]" "$line" 2>/dev/null)"})
            if (( ${#candidates} )); then
                compadd -- $candidates
            else
                _files
            fi
        }
        compdef _secateur secateur ./secateur
        """;

    const string Fish = """
        # Shell completion of secateur for fish:  secateur completion fish | source
        function __secateur_complete
            set -l line (commandline -cp | string collect)
            set -l program (commandline -xpc 2>/dev/null; or commandline -opc)[1]
            set -l candidates ($program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if test (count $candidates) -gt 0
                printf '%s\n' $candidates
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c secateur -f -a '(__secateur_complete)'
        """;

    const string PowerShell = """
        # Shell completion of secateur for PowerShell:  secateur completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName secateur, ./secateur -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $end = $cursorPosition - $commandAst.Extent.StartOffset
            $line = $commandAst.Extent.Text.PadRight($end).Substring(0, $end)
            & $commandAst.CommandElements[0].Extent.Text "[suggest:$($line.Length)]" $line 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    /// <summary>By the shell's name.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string> { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["pwsh"] = PowerShell };
}
