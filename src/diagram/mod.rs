//! SVG diagrams: shapes, axes and labels. It knows no services and no scenarios.
