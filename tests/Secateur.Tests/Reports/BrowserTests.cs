using System.Text.Json;

namespace Secateur.Tests.Reports;

/// <summary>A real report in a real browser; tests/report/look.mjs opens it.</summary>
public sealed class BrowserTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    static readonly string[] Sections =
    [
        "What is kept, against what it costs", "Where the time goes", "The device’s staircase", "All results", "What is still computed", "Right densely, wrong under a plan", "How it was measured", "To make it again",
    ];

    const int Rows = 7;

    [SkippableFact]
    public void Axe_finds_nothing_against_WCAG_in_light_and_dark_on_a_phone_and_a_desk()
    {
        JsonElement[] views = [.. browser.Found.GetProperty("views").EnumerateArray()];
        Assert.Equal(4, views.Length);
        Assert.Equal(2, views.Select(view => view.GetProperty("background").GetString()).Distinct().Count());
        Assert.All(views, view => Assert.InRange(view.GetProperty("checked").GetInt32(), 20, int.MaxValue)); // rules that were met: axe did run
        Assert.All(views, view => Assert.Empty(Words(view, "violations")));
    }

    [SkippableFact]
    public void The_page_is_never_wider_than_the_window() =>
        Assert.All(browser.Found.GetProperty("views").EnumerateArray(), view => Assert.Equal(view.GetProperty("width").GetInt32(), view.GetProperty("scrolls").GetInt32()));

    [SkippableFact]
    public void It_asks_for_nothing_but_itself_and_nothing_is_complained_of()
    {
        Assert.Empty(Words(browser.Found, "asked"));
        Assert.Empty(Words(browser.Found, "complaints"));
    }

    [SkippableFact]
    public void The_mouse_sorts_the_table_and_it_says_how_it_is_sorted()
    {
        JsonElement[] steps = [.. browser.Found.GetProperty("mouse").EnumerateArray()];
        Assert.Equal([[], ["GMACs descending"], ["GMACs ascending"], ["plan ascending"]], steps.Select(step => Words(step, "sort")));
        Assert.All(steps, step => Assert.Equal(Rows, Words(step, "order").Length));
        Assert.Equal("dense", Words(steps[1], "order")[0]);
        Assert.Equal("dense", Words(steps[2], "order")[^1]);
        Assert.Equal(["dense", "random-drop at 60%", "random-drop at 80%"], Words(steps[3], "order")[..3]);
    }

    [SkippableFact]
    public void The_keyboard_sorts_the_table_too()
    {
        JsonElement[] steps = [.. browser.Found.GetProperty("keyboard").EnumerateArray()];
        Assert.Equal([[], ["GMACs descending"], ["GMACs ascending"]], steps.Select(step => Words(step, "sort")));
        Assert.Equal("dense", Words(steps[1], "order")[0]);
        Assert.Equal("dense", Words(steps[2], "order")[^1]);
    }

    [SkippableFact]
    public void Arrow_keys_lead_from_point_to_point_and_each_says_what_it_is()
    {
        JsonElement[] points = [.. browser.Found.GetProperty("chart").EnumerateArray()];
        Assert.All(points, point => Assert.True(point.GetProperty("tip").GetBoolean()));
        Assert.Equal(2, points.Select(point => point.GetProperty("name").GetString()).OfType<string>().Distinct().Count());
    }

    [SkippableFact]
    public void Without_its_script_everything_is_there_and_colours_can_still_be_chosen()
    {
        JsonElement bare = browser.Found.GetProperty("withoutScript");
        Assert.Equal(Sections, Words(bare, "headings"));
        Assert.Equal(Sections.Length, bare.GetProperty("shown").GetInt32());
        Assert.Equal(Rows, bare.GetProperty("rows").GetInt32());
        Assert.Equal(0, bare.GetProperty("buttons").GetInt32());
        Assert.InRange(bare.GetProperty("charts").GetInt32(), 4, 6); // two fronts, the stages, the staircase
        Assert.NotEqual(bare.GetProperty("light").GetString(), bare.GetProperty("dark").GetString());
    }

    [SkippableFact]
    public void Printed_no_section_is_lost_nothing_is_cut_and_it_is_black_on_white()
    {
        JsonElement print = browser.Found.GetProperty("print");
        Assert.InRange(print.GetProperty("pages").GetInt32(), 3, 12);
        Assert.Equal(Sections, Words(print, "headings")[1..]);
        Assert.Empty(Sections.Except(Words(print, "outline")));
        Assert.Empty(Words(print, "cut"));
        Assert.Equal(print.GetProperty("width").GetInt32(), print.GetProperty("scrolls").GetInt32());
        Assert.Equal("rgb(28, 33, 41)", print.GetProperty("ink").GetString()); // --ink in light
    }

    static string[] Words(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(one => one.GetString()!)];
}
