-- Words and phrases that titles of news have more often in the last days than before: what is new, in words
-- that no list of topics has. Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008)
-- order the terms, an exact test says which of them are more than chance.
--
-- A title is bare_title of core.article_titles, its first 1,000 characters, in lower case and NFC, `’`
-- being `'`. Words are matches of [\p{L}\p{M}\p{N}]+(?:['.][\p{L}\p{M}\p{N}]+)*[+#]*. A phrase ends at any
-- character that is no letter, mark, digit or white space (\s, \p{Z}) nor one of ' . + # - & /, and at a
-- full stop that white space or the end follows. Terms are the 1 to 3 adjacent words of a phrase, joined
-- by a space. Scripts without spaces (runs of Han, Hiragana, Thai, Lao, Khmer and Myanmar) are phrases of
-- their own; their terms are the 2 to 4 adjacent characters.
--
-- Titles are counted, not articles: articles with the same title_key of core.article_titles, such as wire
-- copies, are one title, which counts once, on the first calendar_date of its articles. Articles of other
-- kinds than news, without a calendar_date or later than window_end_date are left out. The rest is all that
-- is earlier than the window. Terms of fewer than 5 titles in window and rest together, and those of all
-- titles, are not tested.
--
-- The test takes titles for independent. Those of one event are not: event_count says whether a term is news
-- of many events or one event with many reports.
--
-- Grain: a window and a term that at least 3 titles of the window have, with a p_value of at most 0.05; the
--   first 50 of each window by z, then title_count, both descending, then term. A term is left out if one
--   with the same title_count and rest_title_count contains it and has one word, or character, more; or has
--   as many, 3 words or 4 characters, and ends with all of the term but its last. A window without a rest has
--   no rows.
-- Key: window_days, term
-- Order: window_days, term_rank
-- Columns:
--   window_days: Length of the window: 7, 28 or 90 days.
--   window_start_date: First day of the window.
--   window_end_date
--   term: The words, separated by a space, in lower case; or adjacent characters.
--   term_rank: 1 for the first term of the window.
--   title_count: Titles of the window with the term, a.
--   rest_title_count: Earlier titles with the term, b.
--   window_title_count: Titles of the window, n.
--   rest_window_title_count: Earlier titles, m.
--   title_share: Share (0..1) of the titles of the window that have the term, a / n.
--   rest_title_share: Share (0..1) of the earlier titles that have the term, b / m.
--   news_article_count: News articles of the titles of title_count.
--   event_count: Distinct events of these articles; an event is counted once however many report it.
--   provider_count [provider]: Distinct providers of these articles: a term of one provider is its house
--     style.
--   log_odds: How much more likely the term is in the window: the natural logarithm of the ratio of its odds
--     there and in the rest, ln((a + p) / (n - a + n - p)) - ln((b + p) / (m - b + n - p)), where the prior
--     is p = n * (a + b) / (n + m): n more titles, in which the term is as frequent as in the whole corpus.
--   z: The log_odds divided by its standard error, sqrt(1 / (a + p) + 1 / (n - a + n - p) + 1 / (b + p) + 1 /
--     (m - b + n - p)).
--   expected_count: Titles of the window that would have the term by chance, p.
--   p_value: Probability that at least title_count of the a + b titles with the term are in the window by
--     chance: the upper tail of the hypergeometric distribution, n titles being drawn from n + m.
--   q_value: Smallest false discovery rate (Benjamini and Hochberg) at which the term is significant, among
--     all tested terms of the windows together. Terms of fewer than 3 titles of the window, and those with a
--     <= (a + b + 1) * (n + 1) / (n + m + 2), the most likely number, count as tested with a p_value of 1.
--   is_significant: Whether q_value is at most 0.05. Terms that are not may well be chance.
with articles as (
    select
        dense_rank() over (order by titles.title_key) as title_number,
        articles.event_id,
        articles.days_before_window_end as days,
        articles.provider_id,
        replace(lower(nfc_normalize(left(titles.bare_title, 1000))), '’', '''') as title
    from core.article_titles as titles
    inner join core.articles as articles on articles.document_id = titles.document_id
    where articles.is_news and articles.days_before_window_end >= 0 and titles.title_key is not null
),

-- Copies of a title mostly have the same spelling: its terms are found once.
spellings as (
    select distinct
        title_number,
        title
    from articles
),

phrases as (
    select
        title_number,
        unnest(string_split_regex(
            if(
                regexp_matches(title, '[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]'),
                regexp_replace(
                    title, '[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+', '|\0|', 'g'
                ),
                title
            ),
            '[^\p{L}\p{M}\p{N}\s\p{Z}''.+#&/-]+|\.(?:[\s\p{Z}]|$)'
        )) as phrase
    from spellings
),

words as (
    select
        title_number,
        regexp_matches(phrase, '^[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]') as is_unspaced,
        if(
            is_unspaced,
            regexp_extract_all(phrase, '.'),
            regexp_extract_all(phrase, '[\p{L}\p{M}\p{N}]+(?:[''.][\p{L}\p{M}\p{N}]+)*[+#]*')
        ) as words,
        if(is_unspaced, '', ' ') as gap
    from phrases
    where phrase <> ''
),

first_days as (
    select
        title_number,
        max(days) as days
    from articles
    group by title_number
),

title_terms as (
    select distinct
        title_number,
        unnest(
            if(is_unspaced, [], words)
            || list_transform(words[:-2], lambda word, i: word || gap || words[i + 1])
            || list_transform(words[:-3], lambda word, i: word || gap || words[i + 1] || gap || words[i + 2])
            || if(
                is_unspaced,
                list_transform(
                    words[:-4], lambda word, i: word || words[i + 1] || words[i + 2] || words[i + 3]
                ),
                []
            )
        ) as term
    from words
),

term_counts as (
    select
        terms.term,
        count(*) as title_count,
        count(*) filter (where titles.days < 7) as title_count_7,
        count(*) filter (where titles.days < 28) as title_count_28,
        count(*) filter (where titles.days < 90) as title_count_90
    from title_terms as terms
    inner join first_days as titles on titles.title_number = terms.title_number
    group by terms.term
    having count(*) >= 5 and count(*) < (select count(*) from first_days)
),

windows as (
    select
        window_days,
        count(*) filter (where titles.days < window_days) as n,
        count(*) filter (where titles.days >= window_days) as m
    from first_days as titles
    cross join (values (7), (28), (90)) as lengths(window_days)
    group by window_days
    having m > 0
),

frequent as (
    select
        windows.window_days,
        counts.term,
        case windows.window_days
            when 7 then counts.title_count_7
            when 28 then counts.title_count_28
            else counts.title_count_90
        end as a,
        counts.title_count - a as b,
        windows.n,
        windows.m,
        windows.n * counts.title_count / (windows.n + windows.m) as p
    from windows
    inner join term_counts as counts
        on case windows.window_days
            when 7 then counts.title_count_7
            when 28 then counts.title_count_28
            else counts.title_count_90
        end >= 3
),

tested as (
    select
        *,
        ln((a + p) / (n - a + n - p)) - ln((b + p) / (m - b + n - p)) as log_odds,
        log_odds / sqrt(1 / (a + p) + 1 / (n - a + n - p) + 1 / (b + p) + 1 / (m - b + n - p)) as z,
        hypergeometric_tail(a, a + b, n, n + m) as p_value,
        regexp_matches(term, '^[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]') as is_unspaced
    from frequent
    where a > (a + b + 1.0) * (n + 1.0) / (n + m + 2.0)
),

-- Equal p-values have the rank of the last of them.
ranked as (
    select
        *,
        p_value * ((select count(*) from windows) * (select count(*) from term_counts))
        / count(*) over (order by p_value) as adjusted
    from tested
),

corrected as (
    select
        *,
        least(1, min(adjusted) over (
            order by p_value
            range between current row and unbounded following
        )) as q_value
    from ranked
),

-- Each term without its first and its last word, or character.
parts as (
    select
        window_days,
        a,
        b,
        term,
        if(is_unspaced, substr(term, 2), regexp_extract(term, ' (.*)$', 1)) as later_part,
        if(is_unspaced, left(term, -1), regexp_extract(term, '^(.*) ', 1)) as earlier_part,
        if(is_unspaced, length(term) = 4, len(string_split(term, ' ')) = 3) as is_longest
    from tested
),

hidden as (
    select
        window_days,
        a,
        b,
        unnest([earlier_part, later_part]) as term
    from parts
    union all
    -- A phrase of five words is three of the longest terms, of which the first is enough.
    select
        later.window_days,
        later.a,
        later.b,
        later.term
    from parts as later
    inner join parts as earlier
        on earlier.window_days = later.window_days
        and earlier.a = later.a
        and earlier.b = later.b
        and earlier.later_part = later.earlier_part
        and earlier.term <> later.term
    where earlier.is_longest and later.is_longest
),

first_terms as (
    select
        corrected.*,
        row_number() over (
            partition by corrected.window_days
            order by corrected.z desc, corrected.a desc, corrected.term
        ) as term_rank
    from corrected
    anti join hidden
        on hidden.window_days = corrected.window_days
        and hidden.term = corrected.term
        and hidden.a = corrected.a
        and hidden.b = corrected.b
    where corrected.p_value <= 0.05
    qualify term_rank <= 50
),

articles_of_terms as (
    select
        first_terms.window_days,
        first_terms.term,
        count(*) as news_article_count,
        count(distinct articles.event_id) as event_count,
        count(distinct articles.provider_id) as provider_count
    from first_terms
    inner join title_terms as terms on terms.term = first_terms.term
    inner join first_days as titles
        on titles.title_number = terms.title_number and titles.days < first_terms.window_days
    inner join articles on articles.title_number = titles.title_number
    group by first_terms.window_days, first_terms.term
)

select
    cast(terms.window_days as bigint) as window_days,
    dates.window_end_date - cast(terms.window_days - 1 as integer) as window_start_date,
    dates.window_end_date,
    terms.term,
    terms.term_rank,
    terms.a as title_count,
    terms.b as rest_title_count,
    terms.n as window_title_count,
    terms.m as rest_window_title_count,
    terms.a / terms.n as title_share,
    terms.b / terms.m as rest_title_share,
    counts.news_article_count,
    counts.event_count,
    counts.provider_count,
    terms.log_odds,
    terms.z,
    terms.p as expected_count,
    terms.p_value,
    terms.q_value,
    terms.q_value <= 0.05 as is_significant
from first_terms as terms
cross join core.corpus_dates as dates
inner join articles_of_terms as counts
    on counts.window_days = terms.window_days and counts.term = terms.term
