//! Slippage.
