//! Segmentation of a text into units.
