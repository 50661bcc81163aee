import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Five questions")


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""
    # Five questions

    What an analyst asks first, of the published snapshot, with `import frontmart`. Each answer comes with its base, its
    window, and when not to trust it. The same words mean the same as in the report and in the cookbook.

    The cells ask nothing of the network and write nothing. In marimo, a choice runs the cells below it again; in Jupyter,
    write a value in place of `days.value`, `topic.value` and so on.
    """)
    return


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import frontmart
    import marimo as mo
    import polars as pl

    pl.Config(tbl_rows=20, fmt_str_lengths=90)
    # Marimo draws charts itself. Elsewhere they are pictures, since Altair's default needs a network.
    _drawing = alt.renderers.enable("default" if mo.running_in_notebook() else "svg")
    return Path, alt, frontmart, mo, os, pl


@app.cell
def _(Path, frontmart, os):
    def find_output() -> Path:
        """The output folder: FRONTMART_OUT, else the nearest `data` with a snapshot, from the working folder upwards."""
        here = Path.cwd()
        near = [folder / "data" for folder in (here, *here.parents) if (folder / "data" / "published").exists()]
        return Path(os.environ.get("FRONTMART_OUT") or (near or [here / "data"])[0])


    # Read-only, and on this snapshot until the cell runs again, whatever is published meanwhile.
    warehouse = frontmart.connect(find_output())


    def ask(sql, **parameters):
        """The rows of a query as a Polars data frame; `$name` in the SQL is the parameter of that name."""
        return warehouse.sql(sql, params=parameters or None).pl()

    return (ask,)


@app.cell
def _(ask, mo):
    corpus = ask("""
        select
            first_article_date, last_article_date, window_end_date, as_of_date,
            (select count(*) from core.articles) as article_count,
            (select count(*) from core.articles where is_news) as news_count
        from core.corpus_dates
    """).row(0, named=True)

    mo.md(
        f"**{corpus['article_count']:,} articles**, {corpus['news_count']:,} of them news, from "
        f"{corpus['first_article_date']} to {corpus['last_article_date']}. All windows end on "
        f"**{corpus['window_end_date']}**: the last day of news, unless the build was given another. "
        f"The build is of {corpus['as_of_date']}."
    )
    return (corpus,)


@app.cell
def _(mo):
    days = mo.ui.dropdown({"7 days": 7, "28 days": 28, "90 days": 90}, value="28 days", label="Window of questions 1 and 2")
    # Only marimo shows controls. In Jupyter, choose another value here, or write it in place of `days.value`.
    days if mo.running_in_notebook() else None
    return (days,)


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""
    ## 1. What happened last month, and who was first?

    **Base:** events, each one happening with all its reports, found in the texts of news that has a date. Twelve articles
    on one happening are one event. **Window:** events with an article in the last days of the corpus.

    **Do not trust it** for the last two or three days, which late articles still change; for who was first where a source
    rounds its times to midnight, and where the first report is not in the corpus; or where the titles of one event do not
    fit together: read them with `from event('part of the title')`.
    """)
    return


@app.cell
def _(ask, days):
    events = ask(
        """
        select
            cast(events.first_published_at as date) as first_date,
            events.title,
            events.article_count,
            events.organisation_count,
            case
                when events.first_organisation_count > 1 then 'a tie of ' || events.first_organisation_count
                else organisations.organisation_name
            end as first_organisation,
            events.event_id
        from core.events as events
        cross join core.corpus_dates as dates
        left join core.dim_organisations as organisations
            on organisations.organisation_id = events.first_organisation_id
        where events.last_published_at >= dates.window_end_date - $days + 1
            and events.first_published_at < dates.window_end_date + 1
        order by events.organisation_count desc, events.article_count desc, events.event_id
        limit 10
        """,
        days=days.value,
    )
    events.drop("event_id")
    return (events,)


@app.cell
def _(alt, ask, events):
    reports = ask(
        """
        select
            articles.event_id,
            coalesce(events.title, '(no title)') as event,
            coalesce(organisations.organisation_name, '(none)') as organisation,
            date_diff('minute', events.first_published_at, articles.published_at) / 60 as hours_after_first,
            articles.published_at = events.first_published_at as is_first
        from core.articles as articles
        inner join core.events as events on events.event_id = articles.event_id
        left join core.dim_organisations as organisations
            on organisations.organisation_id = articles.organisation_id
        where list_contains($event_ids, articles.event_id)
        order by articles.published_at, articles.document_id
        """,
        event_ids=events["event_id"].to_list(),
    )
    alt.Chart(reports, title="Reports of each event, by hours after the first").mark_circle(size=90, opacity=0.7).encode(
        x=alt.X("hours_after_first:Q", title="hours after the first report"),
        y=alt.Y("event:N", title=None, sort=events["title"].to_list(), axis=alt.Axis(labelLimit=320)),
        color=alt.Color("is_first:N", title="first"),
        tooltip=["organisation", "hours_after_first"],
    ).properties(width=420)
    return


@app.cell
def _(corpus, days, events, mo):
    _shared = events.filter(events["organisation_count"] > 1)
    _finding = (
        f"“{_shared['title'][0]}”, reported by {_shared['organisation_count'][0]} organisations; first was "
        f"{_shared['first_organisation'][0]}."
        if len(_shared)
        else "no event was reported by more than one organisation: nobody was ahead of anybody."
    )
    mo.md(f"**The {days.value} days up to {corpus['window_end_date']}:** {_finding}")
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""
    ## 2. Which topics rose beyond noise?

    **Base:** events whose lead article has a topic (`base_count`, the tagged events); `topic_share` is the share of them
    with this one, so that more articles, or more tagging, is no rise. **Window:** the last days against as many before.
    The bar is the 95 percent confidence interval of the difference.

    **Do not trust it** unless `is_emerging` is true: twice the share and `q_value` of at most 0.05, which allows for the
    number of topics asked. Where `break_reason` says anything, the two windows cannot be compared at all.
    """)
    return


@app.cell
def _(ask, days):
    momentum = ask(
        """
        select
            topic, previous_observed_count, observed_count, previous_base_count, base_count, share_difference,
            share_difference_low, share_difference_high, q_value, is_emerging, break_reason
        from marts.topic_momentum
        where window_days = $days
        order by is_emerging desc, q_value nulls last, share_difference desc nulls last, topic_id
        limit 12
        """,
        days=days.value,
    )
    momentum
    return (momentum,)


@app.cell
def _(alt, momentum):
    _base = alt.Chart(momentum, title="Change of each topic's share of the tagged events").encode(
        y=alt.Y("topic:N", title=None, sort=momentum["topic"].to_list())
    )
    (
        _base.mark_rule(strokeWidth=2).encode(
            x=alt.X("share_difference_low:Q", title="difference of shares", axis=alt.Axis(format="+.0%")),
            x2="share_difference_high:Q",
        )
        + _base.mark_circle(size=90).encode(
            x="share_difference:Q",
            color=alt.Color("is_emerging:N", title="beyond noise"),
            tooltip=["topic", "share_difference", "q_value", "break_reason"],
        )
    ).properties(width=420)
    return


@app.cell
def _(corpus, days, mo, momentum):
    _reasons = momentum["break_reason"].drop_nulls().unique().to_list()
    _emerging = momentum.filter(momentum["is_emerging"])["topic"].to_list()
    if not len(momentum):
        _finding = "no news with a topic in either window."
    elif _reasons:
        _finding = f"the windows cannot be compared (`{_reasons[0]}`), so no topic rose beyond noise that we could know of."
    elif _emerging:
        _finding = f"{', '.join(_emerging)} rose beyond noise."
    else:
        _finding = "no topic rose beyond noise."
    mo.md(f"**The {days.value} days up to {corpus['window_end_date']}, against the {days.value} before:** {_finding}")
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""
    ## 3. How do the publishers compare?

    **Base:** an organisation is who publishes, under whatever spellings and domains; its events are those that its news
    reports. **Window:** all news with a date. An exclusive event is one that no other organisation reported; `firsts` are
    shared events that it reported first, `expected_firsts` those that its volume alone would bring.

    **Do not trust it** as a measure of size: it says who writes in this collection. `first_ratio` is empty below ten shared
    events, where who is first is luck. Copies count as articles: see `syndicated_article_count`.
    """)
    return


@app.cell
def _(ask):
    organisations = ask("""
        select
            organisation_name, news_article_count, syndicated_article_count, event_count, exclusive_event_count,
            shared_event_count, firsts, expected_firsts, first_ratio, median_lag_hours
        from marts.organisation_report
        where news_article_count > 0
        order by event_count desc, news_article_count desc, organisation_id
        limit 12
    """)
    organisations
    return (organisations,)


@app.cell
def _(alt, organisations, pl):
    _counts = organisations.select(
        "organisation_name", pl.col("exclusive_event_count").alias("alone"), pl.col("shared_event_count").alias("others too")
    ).unpivot(index="organisation_name", variable_name="reported", value_name="events")
    alt.Chart(_counts, title="Events of each organisation").mark_bar().encode(
        x=alt.X("events:Q", title="events", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("organisation_name:N", title=None, sort=organisations["organisation_name"].to_list()),
        color=alt.Color("reported:N", title="reported by", scale=alt.Scale(domain=["alone", "others too"])),
    ).properties(width=420)
    return


@app.cell
def _(corpus, mo, organisations):
    _rated = organisations.drop_nulls("first_ratio").sort("first_ratio", descending=True)
    if not len(organisations):
        _finding = "the files name no publisher, so there is nothing to compare."
    elif not len(_rated):
        _finding = "none of these has ten shared events: who is usually first cannot be said."
    else:
        _finding = (
            f"{_rated['organisation_name'][0]} is first {_rated['first_ratio'][0]:.1f} times as often as its volume alone "
            "would bring."
        )
    mo.md(f"**All news from {corpus['first_article_date']} to {corpus['last_article_date']}:** {_finding}")
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""
    ## 4. What is wrong with the data?

    **Base:** every file of the source is a document, a reject, or skipped because it has no front matter; the chart counts
    the news of each month. **Window:** the whole corpus.

    **Do not trust** any growth across a month that is marked as a break: there the collection changed, and not the world. A
    month that is not marked is no proof either, since months with few articles are never breaks; and no file is listed here
    that the source never had.
    """)
    return


@app.cell
def _(ask):
    problems = ask("""
        select 'rejected file' as problem, cast(reason as varchar) as what, count(*) as count, min(path) as example
        from tidy.rejects
        group by all
        union all
        select 'value', field || ': ' || problem, count(*), min(path)
        from tidy.field_issues
        group by all
        order by problem, count desc, what
        limit 20
    """)
    problems
    return


@app.cell
def _(alt, ask):
    months = ask("""
        select period_start_date as month, news_article_count, is_break, break_reason
        from marts.collection_health
        order by month
    """)
    alt.Chart(months, title="News by month").mark_bar().encode(
        x=alt.X("yearmonth(month):T", title=None),
        y=alt.Y("news_article_count:Q", title="articles"),
        color=alt.Color("is_break:N", title="break", scale=alt.Scale(domain=[False, True])),
        tooltip=["month", "news_article_count", "break_reason"],
    ).properties(width=520, height=200)
    return (months,)


@app.cell
def _(ask, mo, months):
    _files = dict(ask("select cast(outcome as varchar), count(*) from tidy.files group by all").iter_rows())
    _undated = ask("select count(*) from core.articles where calendar_date is null").item()
    _breaks = months.drop_nulls("break_reason")
    _latest = f", the latest in {_breaks['month'][-1]:%B %Y}: {_breaks['break_reason'][-1]}" if len(_breaks) else ""
    mo.md(
        f"**{sum(_files.values()):,} files:** {_files.get('document', 0):,} documents, {_files.get('reject', 0):,} rejects, "
        f"{_files.get('skipped', 0):,} without front matter. {_undated:,} articles have no date that counts, and are in no "
        f"window. Months with a break: {len(_breaks)}{_latest}."
    )
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""
    ## 5. A question of your own

    Choose a topic, and an organisation if you like; then change the SQL. `frontmart.tables` lists what there is to ask, and
    `frontmart describe` says what each column means.
    """)
    return


@app.cell
def _(ask):
    topics = ask("""
        select topics.topic, topics.topic_id
        from core.dim_topics as topics
        inner join core.article_topics as links on links.topic_id = topics.topic_id
        where not topics.is_omnipresent
        group by all
        order by count(*) desc, topics.topic_id
    """)
    publishers = ask("""
        select organisation_name, organisation_id
        from marts.organisation_report
        order by news_article_count desc, organisation_id
    """)
    return publishers, topics


@app.cell
def _(mo, publishers, topics):
    topic = mo.ui.dropdown(
        dict(topics.iter_rows()), value=topics["topic"][0] if len(topics) else None, searchable=True, label="Topic"
    )
    organisation = mo.ui.dropdown(dict(publishers.iter_rows()), searchable=True, label="Organisation (all, if none)")
    mo.hstack([topic, organisation], justify="start") if mo.running_in_notebook() else None
    return organisation, topic


@app.cell
def _(ask, organisation, topic):
    articles = ask(
        """
        select
            articles.calendar_date as date,
            articles.title,
            organisations.organisation_name as organisation,
            articles.event_id
        from core.articles as articles
        inner join core.article_topics as links on links.document_id = articles.document_id
        left join core.dim_organisations as organisations
            on organisations.organisation_id = articles.organisation_id
        where articles.is_news
            and links.topic_id = cast($topic as varchar)
            and ($organisation is null or articles.organisation_id = cast($organisation as varchar))
        order by date desc nulls last, articles.document_id
        """,
        topic=topic.value,
        organisation=organisation.value,
    )
    articles.drop("event_id")
    return (articles,)


@app.cell
def _(alt, articles):
    alt.Chart(articles.drop_nulls("date"), title="News on the topic by year").mark_bar().encode(
        x=alt.X("year(date):O", title=None),
        y=alt.Y("count():Q", title="articles", axis=alt.Axis(tickMinStep=1)),
    ).properties(width=420, height=200)
    return


@app.cell
def _(articles, mo, organisation, topic):
    _whose = organisation.selected_key or "all organisations"
    mo.md(
        f"**Base:** {len(articles):,} articles of news of {_whose} with the topic {topic.selected_key}, in "
        f"{articles['event_id'].drop_nulls().n_unique():,} events. **Window:** all news; those without a date are in the "
        "table, and not in the chart. **Do not trust it** as a trend: counts of articles rise with the collection and with "
        "tagging. Compare shares instead, as question 2 does."
    )
    return


if __name__ == "__main__":
    app.run()
