//! The Liquid template language with Ruby Liquid 4's semantics. It knows nothing of Jekyll's
//! folders: its host supplies includes, tags, filters and objects.
