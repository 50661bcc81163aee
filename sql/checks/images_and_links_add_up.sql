-- The images of marts.image_coverage must add up to core.article_images, and the related items of
-- marts.related_coverage to core.related_links.
--
-- Severity: error
with counted as (
    select
        'image_coverage' as mart,
        coalesce(cast(sum(image_count + image_without_url_count) as bigint), 0) as row_count
    from marts.image_coverage
    union all
    select
        'related_coverage' as mart,
        coalesce(cast(sum(related_item_count) as bigint), 0) as row_count
    from marts.related_coverage
),

expected as (
    select
        'image_coverage' as mart,
        count(*) as row_count
    from core.article_images
    union all
    select
        'related_coverage' as mart,
        count(*) as row_count
    from core.related_links
)

select
    counted.mart,
    counted.row_count,
    expected.row_count as expected_row_count
from counted
inner join expected on expected.mart = counted.mart
where counted.row_count <> expected.row_count
