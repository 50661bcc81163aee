-- The domain that someone registered: its last two labels, in lower case, such as example.com of
-- www.example.com; the last three where the last two are open to registrations themselves, such as
-- example.co.uk.
--
-- Below a country code of two letters, these second labels are open to registrations: ac, co, com, edu, go,
-- gob, gouv, gov, gv, ltd, me, mil, ne, net, nhs, or, org, plc and sch; below any code, the hosts that give
-- each customer a subdomain and that this expression lists, such as github.io. That is less than the Public
-- Suffix List has, but no list has to be kept up to date. An address of numbers is returned as it is.
--
-- Parameters:
--   domain: The domain.
regexp_extract(
    regexp_replace(lower(trim(domain, ' .')), '^www[0-9]?\.', ''),
    '^[0-9.:]+$|[^.]+\.(?:'
    || '(?:blogspot|ghost|hatenablog|livejournal|medium|substack|tumblr|typepad|weebly|wixsite|wordpress)'
    || '\.[a-z.]{2,6}'
    || '|(?:azurewebsites|cloudfront|github|gitlab|herokuapp|netlify|pages|vercel|web)'
    || '\.(?:io|app|com|net|dev)'
    || '|(?:ac|co|com|edu|go|gob|gouv|gov|gv|ltd|me|mil|ne|net|nhs|or|org|plc|sch)\.[a-z]{2}'
    || '|[^.]+)$|^[^.]+$'
)
