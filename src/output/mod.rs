//! The output: path to bytes, and settling it on disk.
