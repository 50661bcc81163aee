-- What heat and quality are in this corpus: defaults, constants, or sums made of each other and of the number
-- of related items. Read it before any number that is made of scores.
--
-- Scores are the source's, on its scale. A fit of step and base is found, not assumed: see derived_step and
-- related_step. Articles that a heat of -1 suppresses have no heat.
--
-- Grain: a kind of article and a score; no row if no article of the corpus has a heat or quality.
-- Key: kind, score
-- Needs: scores
-- Columns:
--   kind: Kind of article; `(all)` for the articles of all kinds together.
--   score: `heat` or `quality`; the other one is called the other score below.
--   finding: What the other columns of the row say, in English. The sentences whose condition is met, in this
--     order, separated by `; `, with percentages rounded down: no article has the score; fewer than 10
--     articles have it; all have the same value; most_frequent_share is 0.25 or more; equal_share is 0.5 or
--     more; derived_fit_share is 0.5 or more; related_fit_share is 0.5 or more; related_rank_correlation is
--     0.5 or more, or -0.5 or less. One of the first three is the only sentence, and the last two follow from
--     at least 10 articles with related items only. If none is met, the score varies.
--   article_count: Articles of the kind.
--   score_article_count: Of these articles, those with the score; all columns below are about them.
--   score_basis: Whether the score tells articles apart: `varies`, `constant` if all values are equal, `too
--     few` for one value, `none` without one.
--   distinct_count: Distinct values of the score.
--   most_frequent_value?: The value that most articles have, the lowest of several; NULL without a value.
--   most_frequent_share?: Share (0..1) of the articles with the score that have this value.
--   min_value?: Lowest value.
--   median_value?: Median; of an even number of values, the mean of the two in the middle.
--   max_value?: Highest value.
--   both_article_count: Articles with both scores.
--   equal_share?: Share (0..1) of the articles with both scores in which they are equal; NULL if there are
--     none.
--   related_article_count: Articles with the score and at least one related item (related_count of
--     core.articles).
--   derived_step?: Of the articles with both scores and related items, the most frequent value of (score -
--     other score) / related_count, among whole numbers other than 0, the lowest of several; NULL if there is
--     none.
--   derived_fit_share?: Share (0..1) of the articles with both scores and related items in which the score is
--     the other score + derived_step * related_count; NULL without derived_step.
--   related_base?: Of the articles with the score and no related items, the most frequent score, the lowest
--     of several; NULL if there are none.
--   related_step?: Of the articles with the score and related items, the most frequent value of (score -
--     related_base) / related_count, among whole numbers other than 0, the lowest of several; NULL if there
--     is none.
--   related_fit_share?: Share (0..1) of the articles with the score and related items in which the score is
--     related_base + related_step * related_count; NULL without related_step.
--   related_correlation?: Pearson correlation (-1..1) of score and related_count over the articles with the
--     score; NULL if either is constant. Rounded to 9 digits.
--   related_rank_correlation?: Spearman correlation (-1..1), which is the Pearson correlation of their ranks,
--     equal values having the mean of their ranks. Rounded to 9 digits.
with kinds as (
    select
        kind as article_kind,
        unnest([kind, '(all)']) as kind,
        heat,
        quality,
        related_count
    from core.articles
),

totals as (
    select
        kind,
        count(*) as article_count
    from kinds
    where exists (from core.articles where heat is not null or quality is not null)
    group by kind
),

scored as (
    select
        kind,
        'heat' as score,
        heat as value,
        quality as other_value,
        related_count
    from kinds
    where heat is not null
    union all
    select
        kind,
        'quality' as score,
        quality as value,
        heat as other_value,
        related_count
    from kinds
    where quality is not null
),

cells as (
    select
        kind,
        score,
        value,
        related_count,
        count(*) as article_count
    from scored
    group by kind, score, value, related_count
),

-- Twice the mean rank, less 1, so that it is a whole number, and sums of its squares are exact.
ranked as (
    select
        kind,
        score,
        value,
        related_count,
        article_count,
        2 * sum(article_count) over (partition by kind, score order by value)
        - sum(article_count) over (partition by kind, score, value) as value_rank,
        2 * sum(article_count) over (partition by kind, score order by related_count)
        - sum(article_count) over (partition by kind, score, related_count) as related_rank
    from cells
),

frequencies as (
    select
        kind,
        score,
        value,
        cast(sum(article_count) as bigint) as article_count,
        cast(coalesce(sum(article_count) filter (where related_count = 0), 0) as bigint)
            as unrelated_article_count
    from cells
    group by kind, score, value
),

most_frequent as (
    select
        kind,
        score,
        first(value order by article_count desc, value) as value,
        max(article_count) as article_count,
        first(value order by unrelated_article_count desc, value) filter (where unrelated_article_count > 0)
            as related_base
    from frequencies
    group by kind, score
),

steps as (
    select
        scored.kind,
        scored.score,
        scored.related_count,
        scored.value - scored.other_value as derived_rise,
        scored.value - most_frequent.related_base as related_rise
    from scored
    inner join most_frequent
        on most_frequent.kind = scored.kind and most_frequent.score = scored.score
    where scored.related_count > 0
),

derived_steps as (
    select
        kind,
        score,
        derived_rise // related_count as step,
        count(*) as article_count
    from steps
    where derived_rise <> 0 and derived_rise % related_count = 0
    group by kind, score, step
),

related_steps as (
    select
        kind,
        score,
        related_rise // related_count as step,
        count(*) as article_count
    from steps
    where related_rise <> 0 and related_rise % related_count = 0
    group by kind, score, step
),

best_derived_steps as (
    select
        kind,
        score,
        first(step order by article_count desc, step) as step,
        max(article_count) as article_count
    from derived_steps
    group by kind, score
),

best_related_steps as (
    select
        kind,
        score,
        first(step order by article_count desc, step) as step,
        max(article_count) as article_count
    from related_steps
    group by kind, score
),

measures as (
    select
        kind,
        score,
        count(*) as score_article_count,
        score_basis(value) as score_basis,
        count(distinct value) as distinct_count,
        min(value) as min_value,
        median(value) as median_value,
        max(value) as max_value,
        count(other_value) as both_article_count,
        count(*) filter (where value = other_value) as equal_article_count,
        count(*) filter (where related_count > 0) as related_article_count,
        count(*) filter (where related_count > 0 and other_value is not null) as related_both_article_count
    from scored
    group by kind, score
),

correlations as (
    select
        kind,
        score,
        exact_correlation(value, related_count, article_count) as related_correlation,
        exact_correlation(value_rank, related_rank, article_count) as related_rank_correlation
    from ranked
    group by kind, score
),

profiles as (
    select
        totals.kind,
        scores.score,
        if(scores.score = 'heat', 'quality', 'heat') as other_score,
        totals.article_count,
        coalesce(measures.score_article_count, 0) as score_article_count,
        coalesce(measures.score_basis, 'none') as score_basis,
        coalesce(measures.distinct_count, 0) as distinct_count,
        most_frequent.value as most_frequent_value,
        most_frequent.article_count as most_frequent_article_count,
        measures.min_value,
        measures.median_value,
        measures.max_value,
        coalesce(measures.both_article_count, 0) as both_article_count,
        measures.equal_article_count,
        coalesce(measures.related_article_count, 0) as related_article_count,
        coalesce(measures.related_both_article_count, 0) as related_both_article_count,
        best_derived_steps.step as derived_step,
        best_derived_steps.article_count as derived_article_count,
        most_frequent.related_base,
        best_related_steps.step as related_step,
        best_related_steps.article_count as related_fit_article_count,
        correlations.related_correlation,
        correlations.related_rank_correlation
    from totals
    cross join (values ('heat'), ('quality')) as scores(score)
    left join measures on measures.kind = totals.kind and measures.score = scores.score
    left join most_frequent on most_frequent.kind = totals.kind and most_frequent.score = scores.score
    left join best_derived_steps
        on best_derived_steps.kind = totals.kind and best_derived_steps.score = scores.score
    left join best_related_steps
        on best_related_steps.kind = totals.kind and best_related_steps.score = scores.score
    left join correlations on correlations.kind = totals.kind and correlations.score = scores.score
)

select
    kind,
    score,
    case
        when score_article_count = 0 then 'no article has a ' || score
        when score_article_count < 10
            then 'only ' || score_article_count
                || if(score_article_count = 1, ' article has a ', ' articles have a ') || score
        when score_basis = 'constant' then 'always ' || most_frequent_value || ': tells no articles apart'
        else coalesce(nullif(concat_ws(
            '; ',
            if(
                4 * most_frequent_article_count >= score_article_count,
                'the same value, ' || most_frequent_value || ', in '
                || percentage(most_frequent_article_count, score_article_count) || ' of articles',
                null
            ),
            if(
                2 * equal_article_count >= both_article_count and both_article_count > 0,
                'equals ' || other_score || ' in ' || percentage(equal_article_count, both_article_count)
                || ' of articles that have both',
                null
            ),
            if(
                2 * derived_article_count >= related_both_article_count and related_both_article_count >= 10,
                'equals ' || other_score || if(derived_step < 0, ' - ', ' + ') || abs(derived_step)
                || ' x related items in ' || percentage(derived_article_count, related_both_article_count)
                || ' of articles that have related items',
                null
            ),
            if(
                2 * related_fit_article_count >= related_article_count and related_article_count >= 10,
                'equals ' || related_base || if(related_step < 0, ' - ', ' + ') || abs(related_step)
                || ' x related items in ' || percentage(related_fit_article_count, related_article_count)
                || ' of articles that have related items',
                null
            ),
            if(
                abs(related_rank_correlation) >= 0.5 and related_article_count >= 10,
                if(related_rank_correlation > 0, 'rises', 'falls') || ' with the number of related items',
                null
            )
        ), ''), 'varies: neither a default nor derived from ' || other_score || ' or related items')
    end as finding,
    article_count,
    score_article_count,
    score_basis,
    distinct_count,
    most_frequent_value,
    most_frequent_article_count / nullif(score_article_count, 0) as most_frequent_share,
    min_value,
    median_value,
    max_value,
    both_article_count,
    equal_article_count / nullif(both_article_count, 0) as equal_share,
    related_article_count,
    derived_step,
    derived_article_count / nullif(related_both_article_count, 0) as derived_fit_share,
    related_base,
    related_step,
    related_fit_article_count / nullif(related_article_count, 0) as related_fit_share,
    related_correlation,
    related_rank_correlation
from profiles
