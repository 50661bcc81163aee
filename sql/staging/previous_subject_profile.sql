-- How many documents of each subject there were in the snapshot published before; see core.subject_profile.
--
-- Grain: an outcome of files, a type of document, a collection, a topic or a provider.
-- Key: aspect, subject
-- Columns:
--   aspect: What the subject is: outcome, document_type, collection, topic or provider.
--   subject: The outcome, type, collection, topic_id or provider_id.
--   label: What people call it.
--   document_count: Documents that it stood for; files in the case of an outcome.
select
    aspect,
    subject,
    label,
    document_count
from tidy.previous_subject_profile
