//! Figures: a model in, an SVG with title, description and its data as a table out.
