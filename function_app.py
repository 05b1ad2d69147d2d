"""Composition: registers every function and decides nothing.

Importing it touches no environment, network, database or vendor SDK (a test holds it to that).
"""

import gc

import azure.functions as func

from bff.function import create_blueprint
from email_notification.function import blueprint as email_notification
from payment_process.function import asgi_app as payment_app
from payment_process.function import blueprint as payment_process
from rent_process.function import asgi_app as rent_app
from rent_process.function import blueprint as rent_process

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
app.register_functions(create_blueprint(rent_app, payment_app))
app.register_functions(rent_process)
app.register_functions(payment_process)
app.register_functions(email_notification)

# What was imported lives as long as the process: no collection walks it again. A request makes
# more objects than the default's 700, so collections are rarer than requests (docs/benchmarks.md).
gc.freeze()
gc.set_threshold(10_000, 10, 10)
