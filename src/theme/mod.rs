//! Pages get clothes: the view that templates see, and the Tera templates that show it.
