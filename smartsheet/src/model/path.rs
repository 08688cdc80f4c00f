//! Where things are: the folders and workspaces around them.
