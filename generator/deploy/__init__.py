"""Releases: stage → verify → switch → prune; targets; web-server configuration."""
