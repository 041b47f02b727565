from tests.payments.conftest import account, running_sandbox, sandbox

__all__ = ["account", "running_sandbox", "sandbox"]
