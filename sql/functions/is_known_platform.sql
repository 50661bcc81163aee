-- Whether a registered domain is one of the well-known platforms, on which many publishers have a channel, a
-- blog or a syndicated copy. Other platforms are found by the number of names on them, see
-- core.provider_organisations.
--
-- Parameters:
--   domain: The registered domain.
domain in (
    'apple.news', 'bilibili.com', 'dailymotion.com', 'dev.to', 'facebook.com', 'flipboard.com',
    'github.com', 'gitlab.com', 'hackernoon.com', 'instagram.com', 'linkedin.com', 'mastodon.social',
    'medium.com', 'msn.com', 'newsbreak.com', 'patreon.com', 'reddit.com', 'slideshare.net',
    'smartnews.com', 'soundcloud.com', 'spotify.com', 'substack.com', 'tiktok.com', 'tumblr.com',
    'twitch.tv', 'twitter.com', 'udemy.com', 'vimeo.com', 'wordpress.com', 'x.com', 'youtu.be',
    'youtube.com'
)
