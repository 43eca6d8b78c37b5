//! Just enough of HTML to look at built pages.

/// A tag of a page.
#[derive(Debug)]
pub struct Tag<'a> {
    /// The element's name.
    pub name: &'a str,
    /// What stands between the name and `>`.
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute.
    pub fn get(&self, attribute: &str) -> Option<&'a str> {
        let mark = format!(" {attribute}=\"");
        let start = self.attributes.find(&mark)? + mark.len();
        self.attributes[start..].split('"').next()
    }
}

/// The opening tags of a page, what stands in scripts left out.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find('>').expect("a tag ends");
        let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap();
        let tag = Tag { name: &rest[..name_end], attributes: &rest[name_end..end] };
        if tag.name == "script" {
            let script_end = rest.find("</script>").expect("a script ends");
            tags.push(tag);
            rest = &rest[script_end..];
        } else {
            tags.push(tag);
            rest = &rest[end..];
        }
    }
    tags
}

/// The scripts of a page that run, without those that only hold data.
pub fn scripts(html: &str) -> Vec<&str> {
    html.split("<script>").skip(1).map(|rest| rest.split("</script>").next().unwrap()).collect()
}

/// The levels of a page's headings, in order.
pub fn heading_levels(html: &str) -> Vec<u32> {
    tags(html)
        .iter()
        .filter(|tag| tag.name.len() == 2 && tag.name.starts_with('h'))
        .filter_map(|tag| tag.name[1..].parse().ok())
        .collect()
}
