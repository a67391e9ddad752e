"""How the site is put together on one machine: settings, the database server, the way in for web servers."""
