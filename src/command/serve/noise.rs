//! Changes that are none: what editors, version control and bogi itself leave beside the files of a
//! site.

use std::path::{Component, Path};

/// Folders and files of tools, wherever they lie in the site.
const TOOLS: [&str; 8] = [
    ".git",
    ".hg",
    ".svn",
    ".bogi-cache",
    ".jekyll-cache",
    ".jekyll-metadata",
    ".sass-cache",
    ".DS_Store",
];

/// Whether a path below a site's folder is nothing that the site could be made of.
pub fn is_noise(inside: &Path) -> bool {
    let of_tool = inside.components().any(|part| match part {
        Component::Normal(name) => TOOLS.iter().any(|tool| name == *tool),
        _ => false,
    });
    let name = inside.file_name().unwrap_or_default().to_string_lossy();
    of_tool || is_temporary(&name)
}

/// Whether a file's name is that of a copy which an editor makes for a moment: Vim's backups, swap
/// files and the file by which it tries a folder, Emacs's locks and autosaves, those of JetBrains,
/// GNOME and LibreOffice, and bogi's own.
fn is_temporary(name: &str) -> bool {
    let is_swap = name
        .strip_prefix('.')
        .and_then(|rest| rest.rsplit_once('.'))
        .is_some_and(|(_, extension)| extension.len() == 3 && extension.starts_with("sw"));
    is_swap
        || name == "4913"
        || name.ends_with('~')
        || (name.len() > 1 && name.starts_with('#') && name.ends_with('#'))
        || [".#", ".~bogi-", ".~lock.", ".goutputstream-", ".nfs"]
            .iter()
            .any(|start| name.starts_with(start))
        || ["___jb_tmp___", "___jb_old___"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_is_noise() {
        for path in [
            "posts/a.md~",
            "posts/.a.md.swp",
            "posts/.a.md.swx",
            "posts/4913",
            "posts/.#a.md",
            "posts/#a.md#",
            "_data/.~bogi-12ab-0",
            ".git/index",
            "sub/.git/HEAD",
            ".bogi-cache/entries",
            "a.md___jb_tmp___",
        ] {
            assert!(is_noise(Path::new(path)), "{path}");
        }
        for path in ["posts/a.md", "swp.md", ".htaccess", "a.swp", "#", "4913.md", "_site.md", ""] {
            assert!(!is_noise(Path::new(path)), "{path}");
        }
    }
}
