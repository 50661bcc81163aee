"""Everything that decides what is never stored, shown or hashed. To change what is redacted, edit a module here.

- `secured`: the keys of the encrypted blob, in any spelling; nested values without them.
- `secured_bytes`: the blob in the bytes of YAML front matter, for the content hash.
- `yaml_graph`: the blob in YAML with aliases, which may share a part of it with another field.
- `credentials`: user and password in URLs.
- `text`: a text that a field takes, without credentials; no text that contains a `secured` key of its own.
- `record`: all texts of a document.
- `messages`: the messages of parsers, without what they quote of the file.
"""
