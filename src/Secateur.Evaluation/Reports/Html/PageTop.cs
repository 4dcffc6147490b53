using System.Collections.Immutable;
using Secateur.Evaluation.Pictures;

namespace Secateur.Evaluation.Reports.Html;

/// <summary>The head of the page: colours, findings, facts.</summary>
internal static class PageTop
{
    /// <summary>What browsers are told before the page begins.</summary>
    public static void Head(MarkupWriter page, Report report)
    {
        page.Open("head");
        page.Element("meta", ("charset", "utf-8"));
        page.Element("meta", ("http-equiv", "Content-Security-Policy"), ("content", PageParts.Policy));
        page.Element("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        page.Element("meta", ("name", "color-scheme"), ("content", "light dark"));
        page.Element("meta", ("name", "generator"), ("content", $"secateur {report.Manifest.Tool}"));
        page.Words("title", $"{ReportFacts.Title(report)} – Secateur");
        page.Raw($"<style>{PageParts.Style}</style>\n");
        page.Close("head");
    }

    /// <summary>The findings, and what was measured.</summary>
    public static void Write(MarkupWriter page, Report report)
    {
        page.Open("header");
        page.Open("div", ("class", "bar"));
        page.Words("p", "Secateur report", ("class", "kicker"));
        page.Open("fieldset", ("class", "theme"));
        page.Words("legend", "Colours", ("class", "unseen"));
        foreach ((string id, string name) in (ReadOnlySpan<(string, string)>)[("auto", "Auto"), ("light", "Light"), ("dark", "Dark")])
            HtmlReport.Choice(page, "theme", id, name, id == "auto");
        page.Close("fieldset");
        page.Close("div");
        page.Words("h1", report.Manifest.Architecture);
        page.Words("p", $"on {report.Manifest.Pictures}", ("class", "on"));
        page.Open("ul", ("class", "findings"));
        ImmutableArray<string> cautions = Cautions.Of(report);
        foreach (string sentence in Findings.Of(report))
            page.Prose("li", sentence, ("class", cautions.Contains(sentence) ? "caution" : "finding"));
        page.Close("ul");
        page.Open("dl", ("class", "facts"));
        foreach ((string name, string value) in ReportFacts.Of(report))
        {
            page.Open("div");
            page.Words("dt", name);
            page.Words("dd", value);
            page.Close("div");
        }

        page.Close("dl");
        page.Close("header");
    }
}
