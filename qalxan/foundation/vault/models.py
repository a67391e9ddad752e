"""No models: the broker's tables are made by a migration and reached by SQL as `qalxan_broker` alone. Django asks an app for this file before it tells it of migrations."""
