//! The workbench over HTTP, and in a browser where there is one.

mod acts;
mod browser;
mod client;
mod codebook;
mod driver;
mod gate;
mod hostile;
mod pages;
