"""Where facts are kept: tables, repositories, migrations, outbox, synchronisation."""
