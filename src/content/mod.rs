//! Files and their metadata: configuration, front matter, documents, data, URLs.
