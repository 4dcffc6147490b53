using System.Text.Json;
using System.Text.Json.Nodes;
using Secateur.Models.Tokens;

namespace Secateur.Compression.Tokens;

/// <summary>A token method as the catalogue knows it: enough to name it, make it from a plan file, write it into one, and test its laws.</summary>
public abstract class TokenMethod
{
    /// <summary>As plan files and the tool call it.</summary>
    public required string Name { get; init; }

    /// <summary>As people call it.</summary>
    public required string Title { get; init; }

    /// <summary>Where it comes from.</summary>
    public required string Citation { get; init; }

    /// <summary>Whether tokens may go without a trace, so that mass is not conserved.</summary>
    public bool Drops { get; init; }

    /// <summary>Whether it groups tokens by all their distances from each other, which costs more than a score or a matching.</summary>
    public bool Clusters { get; init; }

    /// <summary>Whether a decision looks at places, so that permuting the patches does not permute it (random draws).</summary>
    public bool DependsOnPlace { get; init; }

    /// <summary>Whether its usual plans draw, so that another "seed" gives other answers.</summary>
    public bool Draws { get; init; }

    /// <summary>The plan to start from, for a network of this depth and number of patches.</summary>
    public required Func<int, int, TokenPlan> DefaultPlan { get; init; }

    /// <summary>The method from nothing to very much: plans for a network of this depth and number of patches, by one strength in [0, 1]. At 0 every
    /// token is computed, at 1 clearly less than half of the blocks' multiply-adds are left, and never more at a larger strength.</summary>
    public required Func<int, int, double, TokenPlan> Family { get; init; }

    /// <summary>What it may be told.</summary>
    public abstract IReadOnlyList<TokenOption> Options { get; }

    /// <summary>Whether this reducer is one of this method.</summary>
    /// <param name="reducer">Any reducer.</param>
    /// <returns>True for this method's own.</returns>
    public abstract bool Made(ITokenReducer reducer);

    /// <summary>Makes a reducer.</summary>
    /// <param name="layers">JSON objects with options and where each stands, for errors; later ones win.</param>
    /// <returns>The reducer.</returns>
    /// <exception cref="PlanException">An option is unknown, or its value is not one it may have.</exception>
    public abstract ITokenReducer Create(params IReadOnlyList<(string Where, JsonElement Options)> layers);

    /// <summary>Every option of a reducer that this method <see cref="Made"/>.</summary>
    /// <param name="reducer">One of this method.</param>
    /// <returns>A JSON object that <see cref="Create"/> reads.</returns>
    /// <exception cref="ArgumentException">The reducer is another method's.</exception>
    public abstract JsonObject Describe(ITokenReducer reducer);
}

/// <summary>A method whose reducers of type <typeparamref name="TReducer"/> are told by records of type <typeparamref name="TOptions"/>.</summary>
internal sealed class TokenMethod<TReducer, TOptions>(
    Func<TOptions, TReducer> make, Func<TReducer, TOptions> options, TOptions defaults, TokenOption<TOptions>[] table) : TokenMethod
    where TReducer : class, ITokenReducer
    where TOptions : class
{
    public override IReadOnlyList<TokenOption> Options { get; } =
        [.. table.Select(option => new TokenOption(
            option.Name, option.Values, option.Write(defaults).ToJsonString(), option.Condition.Length > 0 ? $"{option.Summary}; only when {option.Condition}" : option.Summary))];

    public override bool Made(ITokenReducer reducer) => reducer is TReducer;

    public override ITokenReducer Create(params IReadOnlyList<(string Where, JsonElement Options)> layers)
    {
        TOptions told = defaults;
        foreach ((string where, JsonElement json) in layers)
        {
            PlanJson.Require(json, JsonValueKind.Object, where);
            foreach (JsonProperty property in json.EnumerateObject())
            {
                TokenOption<TOptions> option = Array.Find(table, option => option.Name == property.Name)
                    ?? throw PlanJson.Unknown(where, property.Name, table.Select(option => option.Name));
                told = option.Read(property.Value, told)
                    ?? throw new PlanException($"{where}.{property.Name} is {PlanJson.Short(property.Value)}; {Name} expects: {option.Values}.");
            }
        }

        if (layers.Count > 0)
            RequireEffect(layers[^1], told);
        return make(told);
    }

    /// <summary>Options that all stages share may count at some of them only; what is said of this stage must count here.</summary>
    void RequireEffect((string Where, JsonElement Options) said, TOptions told)
    {
        foreach (JsonProperty property in said.Options.EnumerateObject())
            if (Array.Find(table, option => option.Name == property.Name) is { } option && !option.Counts(told) && option.Write(told).ToJsonString() != option.Write(defaults).ToJsonString())
                throw new PlanException($"{said.Where}.{option.Name} has no effect: {Name} looks at it only when {option.Condition}. Leave it out, or say that too.");
    }

    public override JsonObject Describe(ITokenReducer reducer)
    {
        TOptions told = reducer is TReducer own ? options(own) : throw new ArgumentException($"A {reducer?.GetType().Name} is not {Name}.", nameof(reducer));
        var json = new JsonObject();
        foreach (TokenOption<TOptions> option in table)
            json[option.Name] = option.Write(option.Counts(told) ? told : defaults);
        return json;
    }
}
