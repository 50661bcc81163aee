-- Images by provider and type are the images in core, and related items by provider the related links in core.
--
-- Severity: error
with counted as (
    select
        'image_coverage' as mart,
        (select cast(sum(image_count + image_without_url_count) as bigint) from marts.image_coverage) as row_count,
        (select count(*) from core.article_images) as expected_row_count
    union all
    select
        'related_coverage' as mart,
        (select cast(sum(related_item_count) as bigint) from marts.related_coverage) as row_count,
        (select count(*) from core.related_links) as expected_row_count
)

select
    mart,
    coalesce(row_count, 0) as row_count,
    expected_row_count
from counted
where coalesce(row_count, 0) <> expected_row_count
