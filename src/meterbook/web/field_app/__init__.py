"""The crew's page: works without a signal, keeps what is done, sends it when there is one. docs/guides/field.md."""
