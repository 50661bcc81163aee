-- The kind of article that a name stands for: news, learning, event, download, newsletter or other; NULL for
-- a name that stands for none. A name is a type, a category or that of a folder.
--
-- The name is compared in lower case, its words separated by one space instead of spaces, `-` and `_`, with
-- none at its ends. It is known as a whole, or by its last word if it has two or three: `press-releases` and
-- `Virtual Event` are known, `the-first-day-of-the-event` is not. `article`, `post`, `video` and `podcast`
-- are formats, and stand for no kind.
--
-- Parameters:
--   word: The name.
list_transform(
    list_transform(
        [trim(regexp_replace(lower(word), '[-_\s]+', ' ', 'g'))],
        lambda name: [name, regexp_extract(name, '^(?:\S+ ){1,2}(\S+)$', 1)]
    ),
    lambda names: case
        when list_has_any(names, [
            'event', 'events', 'webinar', 'webinars', 'webcast', 'webcasts', 'conference', 'conferences',
            'meetup', 'meetups', 'livestream', 'livestreams', 'live stream', 'live streams', 'workshop',
            'workshops', 'hackathon', 'hackathons', 'seminar', 'seminars', 'summit', 'summits', 'talk',
            'talks', 'presentation', 'presentations', 'speaking'
        ]) then 'event'
        when list_has_any(names, ['newsletter', 'newsletters']) then 'newsletter'
        when list_has_any(names, [
            'download', 'downloads', 'sample', 'samples', 'template', 'templates', 'ebook', 'ebooks',
            'whitepaper', 'whitepapers', 'white paper', 'white papers'
        ]) then 'download'
        when list_has_any(names, [
            'course', 'courses', 'collection', 'learn', 'learning', 'learning path', 'learning paths',
            'lesson', 'lessons', 'module', 'tutorial', 'tutorials', 'training', 'trainings', 'book', 'doc',
            'docs', 'documentation', 'guide', 'guides', 'certification', 'certifications', 'exam', 'exams'
        ]) then 'learning'
        when list_has_any(names, [
            'news', 'newsroom', 'news article', 'news articles', 'news item', 'news items', 'blog', 'blogs',
            'weblog', 'blogpost', 'blogposts', 'blog post', 'blog posts', 'posts', 'press', 'press release',
            'press releases', 'announcement', 'announcements'
        ]) then 'news'
        when list_has_any(names, [
            'profile', 'profiles', 'person', 'people', 'author', 'authors', 'speaker', 'speakers',
            'organization', 'organizations', 'organisation', 'organisations', 'forum', 'forums', 'project',
            'projects', 'portfolio'
        ]) then 'other'
    end
)[1]
