"""Plain front matter by its outline: structure that was seen before is not parsed again.

The outline of a text is its lines without their values. All files of a generator share a few of them. An outline is
parsed once, with placeholders for values, by the same parsers and functions that read a whole file; the place of each
placeholder in the result says where the value of that line goes. So a plain file takes one regular expression and one
template. Text that is not plain, or whose structure may depend on its values, is left to these parsers.
"""
