-- The articles published since a day, of all kinds, latest first.
--
-- Grain: an article with a published date.
-- Parameters:
--   first_day: The first day (UTC), such as '2021-01-01'. What is not a day is an error.
--   last_day = '9999-12-31': The last day (UTC), not before first_day.
-- Columns:
--   document_id
--   published_date
--   provider_name
--   title
--   topics
--   type
--   kind
--   heat
--   quality
with given as (
    select
        cast(first_day as varchar) as first_word,
        cast(last_day as varchar) as last_word
),

days as (
    select
        try_cast(first_word as date) as first_date,
        try_cast(last_word as date) as last_date,
        first_word,
        last_word
    from given
),

asked as materialized (
    select
        case
            when first_date is null
                then no_match('since: first_day is', first_word, null, 'write it as ''2021-01-31''')
            when last_date is null
                then no_match('since: last_day is', last_word, null, 'write it as ''2021-01-31''')
            when first_date > last_date then error('since: first_day is after last_day; swap them')
            else first_date
        end as first_date,
        last_date
    from days
)

select
    articles.document_id,
    articles.published_date,
    articles.provider_name,
    articles.title,
    articles.topics,
    articles.type,
    articles.kind,
    articles.heat,
    articles.quality
from main.articles as articles
inner join asked on articles.published_date between asked.first_date and asked.last_date
order by articles.published_date desc, articles.document_id
