//! Statements of actors: who took which stance on which concept, in which document, when.
