//! Tables of separated values (RFC 4180).

/// The rows of a table. A field without quotes and without text is `None`; a line without anything
/// is a row without fields.
///
/// # Errors
/// The offset of a quote that is never closed, or after which a field goes on.
pub(super) fn rows(text: &str, separator: char) -> Result<Vec<Vec<Option<String>>>, usize> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (field, next) = field(text, at, separator)?;
        let end = text[next..].chars().next();
        if end == Some(separator) {
            row.push(field);
            at = next + separator.len_utf8();
            if at == text.len() {
                row.push(None);
            }
            continue;
        }
        let line_end = if text[next..].starts_with("\r\n") { 2 } else { 1 };
        at = (next + line_end).min(text.len());
        if field.is_some() || !row.is_empty() {
            row.push(field);
        }
        rows.push(std::mem::take(&mut row));
    }
    if !row.is_empty() {
        rows.push(row);
    }
    Ok(rows)
}

/// The field at an offset, and where it ends: at a separator, a line's end or the text's.
fn field(text: &str, at: usize, separator: char) -> Result<(Option<String>, usize), usize> {
    let ends = |c: char| c == separator || c == '\n' || c == '\r';
    let rest = &text[at..];
    if !rest.starts_with('"') {
        let end = rest.find(ends).unwrap_or(rest.len());
        let field = &rest[..end];
        return match field.find('"') {
            Some(quote) => Err(at + quote),
            None => Ok(((!field.is_empty()).then(|| field.to_owned()), at + end)),
        };
    }
    let mut out = String::new();
    let mut from = at + 1;
    loop {
        let Some(quote) = text[from..].find('"').map(|found| from + found) else { return Err(at) };
        out.push_str(&text[from..quote]);
        from = quote + 1;
        if text[from..].starts_with('"') {
            out.push('"');
            from += 1;
            continue;
        }
        let closed = text[from..].chars().next().is_none_or(ends);
        return if closed { Ok((Some(out), from)) } else { Err(quote) };
    }
}
