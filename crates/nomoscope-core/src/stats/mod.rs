//! What the statistics share: tests, intervals, diversity, communities, resampling.
