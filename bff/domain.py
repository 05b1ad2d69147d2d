"""The public API as a table: what the OpenAPI document says and what is forwarded, in one place."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel

from shared.contracts import (
    account,
    changes,
    charging,
    disputes,
    documents,
    fleet,
    handover,
    operator,
    promotions,
    rates,
    rental_messages,
    renter,
    reports,
    reviews,
)

Method = Literal["GET", "POST", "PUT", "DELETE"]
Access = Literal["public", "renter", "operator"]
# What any call may answer, whatever it does.
ALWAYS = ("internal_error", "service_unavailable")


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. ``errors`` are codes of ``shared.contracts.problems``."""

    name: str
    method: Method
    path: str
    summary: str
    response: type[BaseModel] | None
    tag: str = "Renter"
    status: HTTPStatus = HTTPStatus.OK
    access: Access = "public"
    query: type[BaseModel] | None = None
    request: type[BaseModel] | None = None
    idempotent: bool = False  # takes an Idempotency-Key
    conditional: bool = False  # has an ETag
    media_type: str = "application/json"  # of the answer; a file has no ``response``
    csv: bool = False  # also as text/csv
    errors: tuple[str, ...] = ()


_READ_RENTAL = ("unauthenticated", "not_found")
_BODY = ("malformed_json", "validation_failed", "payload_too_large")
_KEYED = ("idempotency_key_required", "idempotency_key_reused")
_PERIOD = (
    "branch_closed",
    "branch_holiday",
    "period_invalid",
    "too_soon",
    "too_far_ahead",
    "driver_too_young",
    "one_way_not_offered",
)
_RENTAL = "/operator/rentals/{reference}/"
_HANDOVER = (*_BODY, *_READ_RENTAL, "illegal_transition", "vehicle_unavailable")
_SUPPLY = ("supply_below_sold", "vehicle_allocated")
_OPERATOR_LIST = ("unauthenticated", "validation_failed")


def _report(name: str, summary: str, response: type[BaseModel]) -> Operation:
    return Operation(
        f"get_{name}_report", "GET", f"/operator/reports/{name}", summary, response,
        tag="Operator", access="operator", query=reports.ReportQuery, csv=True,
        errors=(*_OPERATOR_LIST, "not_found", "not_acceptable"),
    )  # fmt: skip


def _counter(
    name: str, method: Method, call: str, summary: str, response: type[BaseModel], **more: Any
) -> Operation:
    more |= {"tag": "Operator", "access": "operator"}
    return Operation(name, method, _RENTAL + call, summary, response, **more)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get_branches", "GET", "/branches", "Every branch, its hours and one-way pairs",
        renter.Branches,
    ),
    Operation("get_classes", "GET", "/classes", "Every class of cars", renter.CarClasses),
    Operation(
        "get_offers", "GET", "/offers", "Search: signed offers with itemised prices",
        renter.Offers, query=renter.OffersQuery, errors=("validation_failed", *_PERIOD),
    ),
    Operation(
        "create_rental", "POST", "/rentals", "Book a car and ask for its payment",
        renter.RentalAccepted, status=HTTPStatus.ACCEPTED, request=renter.RentalRequest,
        idempotent=True,
        errors=(
            *_BODY, *_KEYED, "unauthenticated", "car_unavailable", "offer_expired",
            "promo_code_used_up",
            "request_in_progress", "offer_invalid", "offer_mismatch", "too_soon",
            "payment_method_unavailable", "rate_limited", "bookings_closed",
        ),
    ),
    Operation(
        "get_rental", "GET", "/rentals/{reference}", "One rental, its payment and timeline",
        renter.Rental, access="renter", conditional=True, errors=_READ_RENTAL,
    ),
    Operation(
        "retry_payment", "POST", "/rentals/{reference}/payment", "Try to pay again",
        renter.PaymentRetried, status=HTTPStatus.ACCEPTED, access="renter",
        request=renter.PaymentChoice, idempotent=True,
        errors=(
            *_BODY, *_KEYED, *_READ_RENTAL, "payment_in_progress", "not_payable",
            "payment_method_unavailable", "rate_limited",
        ),
    ),
    Operation(
        "preview_cancellation", "GET", "/rentals/{reference}/cancellation",
        "What cancelling now keeps and gives back", changes.Cancellation, access="renter",
        errors=(*_READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "cancel_rental", "POST", "/rentals/{reference}/cancellation",
        "Cancel; again gives the same answer", changes.Cancellation,
        status=HTTPStatus.ACCEPTED, access="renter", request=changes.CancellationRequest,
        errors=(*_BODY, *_READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "modify_rental", "POST", "/rentals/{reference}/modification",
        "Move a confirmed rental to a new offer, wholly or not at all", changes.Modification,
        status=HTTPStatus.ACCEPTED, access="renter", request=changes.ModificationRequest,
        idempotent=True,
        errors=(
            *_BODY, *_KEYED, *_READ_RENTAL, "car_unavailable", "offer_expired",
            "promo_code_used_up",
            "request_in_progress", "offer_invalid", "offer_mismatch", "too_soon",
            "payment_method_unavailable", "payment_in_progress", "illegal_transition",
        ),
    ),
    Operation(
        "get_document", "GET", "/rentals/{reference}/documents/{name}",
        "The version in force of agreement.pdf or invoice.pdf", None, access="renter",
        conditional=True, media_type="application/pdf",
        errors=(*_READ_RENTAL, "document_pending"),
    ),
    Operation(
        "sign_agreement", "POST", "/rentals/{reference}/signature",
        "Sign the agreement in force, once", documents.Signature,
        status=HTTPStatus.CREATED, access="renter", request=documents.SignatureRequest,
        errors=(
            *_BODY, *_READ_RENTAL, "document_pending", "document_changed", "already_signed",
            "illegal_transition",
        ),
    ),
    Operation(
        "get_review", "GET", "/rentals/{reference}/review",
        "What the renter gave this rental, and whether they may yet", reviews.Reviewing,
        access="renter", errors=_READ_RENTAL,
    ),
    Operation(
        "review_rental", "POST", "/rentals/{reference}/review",
        "Rate a completed rental, once; a comment is shown when it was approved",
        reviews.OwnReview, status=HTTPStatus.CREATED, access="renter",
        request=reviews.ReviewRequest,
        errors=(*_BODY, *_READ_RENTAL, "forbidden", "illegal_transition", "already_reviewed"),
    ),
    Operation(
        "get_reviews", "GET", "/reviews", "Average rating, and approved comments, newest first",
        reviews.Reviews, query=reviews.ReviewsQuery, errors=("validation_failed",),
    ),
    Operation(
        "get_messages", "GET", "/rentals/{reference}/messages",
        "What renter and branch wrote each other, oldest first", rental_messages.Thread,
        access="renter", errors=_READ_RENTAL,
    ),
    Operation(
        "write_message", "POST", "/rentals/{reference}/messages",
        "Write to the branch; the last message again is not written twice",
        rental_messages.RentalMessage, status=HTTPStatus.CREATED, access="renter",
        request=rental_messages.NewMessage,
        errors=(*_BODY, *_READ_RENTAL, "forbidden", "illegal_transition", "rate_limited"),
    ),
    Operation(
        "list_my_rentals", "GET", "/me/rentals", "The signed-in renter's rentals, newest first",
        renter.RentalList, access="renter", query=account.PageQuery,
        errors=("validation_failed", "unauthenticated"),
    ),
    Operation(
        "export_my_data", "GET", "/me/data", "Everything that is held on the signed-in renter",
        account.PersonalData, access="renter", errors=("unauthenticated",),
    ),
    Operation(
        "erase_me", "DELETE", "/me",
        "Forget the signed-in renter in every rental that has ended; names those that have not",
        account.Erasure, access="renter", errors=("unauthenticated",),
    ),
    Operation(
        "list_rentals", "GET", "/operator/rentals", "Rentals, the newest booking first",
        operator.RentalPage, tag="Operator", access="operator", query=operator.RentalsQuery,
        errors=_OPERATOR_LIST,
    ),
    Operation(
        "take_counter_payment", "POST", "/operator/rentals/{reference}/payments",
        "Record cash or a terminal's payment", operator.Settled, tag="Operator",
        status=HTTPStatus.CREATED, access="operator", request=operator.CounterPayment,
        idempotent=True,
        errors=(*_BODY, *_KEYED, *_READ_RENTAL, "not_payable", "amount_exceeds_due"),
    ),
    Operation(
        "give_goodwill", "POST", "/operator/rentals/{reference}/refunds",
        "Give back a part of what was paid online, as a favour", operator.Settled,
        tag="Operator", status=HTTPStatus.ACCEPTED, access="operator",
        request=operator.Goodwill, idempotent=True,
        errors=(*_BODY, *_KEYED, *_READ_RENTAL, "amount_exceeds_paid"),
    ),
    _counter(
        "suggest_vehicle", "GET", "check-out", "Free cars for a rental, the best first",
        handover.VehicleSuggestion, errors=(*_READ_RENTAL, "illegal_transition"),
    ),
    _counter(
        "check_out", "POST", "check-out", "The car leaves; the deposit is asked for",
        handover.CheckedOut, request=handover.CheckOutRequest,
        errors=(*_HANDOVER, "car_unavailable", "payment_in_progress"),
    ),
    _counter(
        "exchange_vehicle", "POST", "exchange", "One car comes back and another leaves",
        handover.CheckedOut, request=handover.ExchangeRequest,
        errors=(*_HANDOVER, "car_unavailable"),
    ),
    _counter(
        "check_in", "POST", "check-in", "The car is back; what comes on top is charged",
        handover.CheckedIn, request=handover.CheckInRequest, errors=_HANDOVER,
    ),
    _counter(
        "quote_extension", "GET", "extension", "What a later return would cost, if it can be had",
        handover.Extension, query=handover.ExtensionQuery,
        errors=(*_READ_RENTAL, "illegal_transition", "period_invalid", "validation_failed"),
    ),
    _counter(
        "extend_rental", "POST", "extension", "Agree a later return and charge it",
        handover.Extension, request=handover.ExtensionRequest,
        errors=(*_HANDOVER, "car_unavailable", "period_invalid"),
    ),
    _counter(
        "record_no_show", "POST", "no-show", "Nobody came for the car", handover.NoShow,
        request=handover.NoShowRequest, errors=(*_BODY, *_READ_RENTAL, "illegal_transition"),
    ),
    _counter(
        "cancel_for_renter", "POST", "cancellation", "Cancel by the policy", changes.Cancellation,
        status=HTTPStatus.ACCEPTED, request=changes.CancellationRequest, errors=_HANDOVER[:-1],
    ),
    Operation(
        "list_overdue", "GET", "/operator/overdue", "Cars that should be back", handover.Overdue,
        tag="Operator", access="operator", query=handover.OverdueQuery, errors=_OPERATOR_LIST,
    ),
    Operation(
        "hand_back_counter_payment", "POST", "/operator/rentals/{reference}/returned-payments",
        "Record what the counter handed back of what it took", operator.HandedBack,
        tag="Operator", status=HTTPStatus.CREATED, access="operator",
        request=operator.CounterPayment, idempotent=True,
        errors=(*_BODY, *_KEYED, *_READ_RENTAL, "amount_exceeds_paid"),
    ),
    Operation(
        "add_charges", "POST", "/operator/rentals/{reference}/charges",
        "Add fines, tolls or damage; the card that was kept is asked for them",
        charging.Charged, tag="Operator", status=HTTPStatus.ACCEPTED, access="operator",
        request=charging.ChargesRequest, idempotent=True,
        errors=(*_BODY, *_KEYED, *_READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "settle_deposit", "PUT", "/operator/rentals/{reference}/deposit",
        "Capture a part of the deposit or all of it; 0 releases it", charging.Deposit,
        tag="Operator", status=HTTPStatus.ACCEPTED, access="operator",
        request=charging.DepositRequest,
        errors=(
            *_BODY, *_READ_RENTAL, "not_payable", "amount_exceeds_deposit", "amount_exceeds_due",
        ),
    ),
    Operation(
        "list_waiting_messages", "GET", "/operator/messages",
        "Rentals whose renters wait for an answer, the longest waiting first",
        rental_messages.WaitingPage, tag="Operator", access="operator",
        query=rental_messages.WaitingQuery, errors=_OPERATOR_LIST,
    ),
    Operation(
        "answer_message", "POST", "/operator/rentals/{reference}/messages",
        "Answer the renter, who is e-mailed it", rental_messages.RentalMessage, tag="Operator",
        status=HTTPStatus.CREATED, access="operator", request=rental_messages.NewMessage,
        errors=(*_BODY, *_READ_RENTAL, "illegal_transition", "rate_limited"),
    ),
    Operation(
        "settle_messages", "POST", "/operator/rentals/{reference}/messages/settled",
        "What waits needs no answer", rental_messages.ThreadSettled, tag="Operator",
        access="operator", errors=(*_READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "list_comments", "GET", "/operator/reviews", "Comments to moderate, newest first",
        reviews.ModerationPage, tag="Operator", access="operator",
        query=reviews.ModerationQuery, errors=_OPERATOR_LIST,
    ),
    Operation(
        "approve_comment", "POST", "/operator/reviews/{id}/approve", "Show it to everybody",
        reviews.ModeratedReview, tag="Operator", access="operator",
        errors=(*_READ_RENTAL, "already_resolved"),
    ),
    Operation(
        "reject_comment", "POST", "/operator/reviews/{id}/reject", "Keep it back, for a reason",
        reviews.ModeratedReview, tag="Operator", access="operator", request=reviews.Rejection,
        errors=(*_BODY, *_READ_RENTAL, "already_resolved"),
    ),
    Operation(
        "get_audit", "GET", "/operator/audit", "Who did what, newest first",
        operator.AuditPage, tag="Operator", access="operator", query=operator.AuditQuery,
        errors=_OPERATOR_LIST,
    ),
    Operation(
        "get_disputes", "GET", "/operator/disputes",
        "What cardholders dispute, newest first, and until when it must be answered",
        disputes.DisputePage, tag="Operator", access="operator", query=disputes.DisputesQuery,
        errors=_OPERATOR_LIST,
    ),
    Operation(
        "get_poison_messages", "GET", "/operator/poison-messages",
        "Messages that no consumer could handle, of every queue", operator.DeadLetterPage,
        tag="Operator", access="operator", query=operator.DeadLetterQuery,
        errors=_OPERATOR_LIST,
    ),
    Operation(
        "replay_poison_message", "POST", "/operator/poison-messages/{id}/replay",
        "Put it back on its queue, once", operator.DeadLetterResolved, tag="Operator",
        status=HTTPStatus.ACCEPTED, access="operator",
        errors=("unauthenticated", "not_found", "already_resolved", "not_replayable"),
    ),
    Operation(
        "discard_poison_message", "POST", "/operator/poison-messages/{id}/discard",
        "Give it up, for a reason", operator.DeadLetterResolved, tag="Operator",
        access="operator", request=operator.Discard,
        errors=("unauthenticated", *_BODY, "not_found", "already_resolved"),
    ),
    Operation(
        "get_operator_features", "GET", "/operator/features",
        "Every feature flag as App Configuration has it", operator.Switches, tag="Operator",
        access="operator", errors=("unauthenticated",),
    ),
    Operation(
        "put_operator_feature", "PUT", "/operator/features/{name}", "Turn a feature on or off",
        operator.Switch, tag="Operator", access="operator", request=operator.Turn,
        errors=("unauthenticated", *_BODY, "not_found"),
    ),
    Operation(
        "get_reconciliation", "GET", "/operator/reconciliation",
        "What does not agree; a drift of 0 is healthy", operator.Reconciliation,
        tag="Operator", access="operator", query=operator.ReconciliationQuery,
        errors=_OPERATOR_LIST,
    ),
    Operation(
        "list_vehicles", "GET", "/operator/vehicles", "The fleet, in order of plates",
        fleet.VehiclePage, tag="Operator", access="operator", query=fleet.VehiclesQuery,
        errors=_OPERATOR_LIST,
    ),
    Operation(
        "add_vehicle", "POST", "/operator/vehicles", "A car joins the fleet", fleet.Vehicle,
        tag="Operator", status=HTTPStatus.CREATED, access="operator",
        request=fleet.VehicleRequest, errors=("unauthenticated", *_BODY, "vehicle_exists"),
    ),
    Operation(
        "change_vehicle", "PUT", "/operator/vehicles/{plate}",
        "Change a car; another branch or class moves it, retired takes it out of the fleet",
        fleet.Vehicle, tag="Operator", access="operator", request=fleet.VehicleChange,
        errors=(*_BODY, *_READ_RENTAL, *_SUPPLY, "supply_below_zero", "move_planned"),
    ),
    Operation(
        "plan_maintenance", "POST", "/operator/vehicles/{plate}/maintenance",
        "Keep a car from being rented and sold for a while", fleet.MaintenancePlanned,
        tag="Operator", status=HTTPStatus.CREATED, access="operator",
        request=fleet.MaintenanceRequest, errors=(*_BODY, *_READ_RENTAL, *_SUPPLY),
    ),
    Operation(
        "end_maintenance", "DELETE", "/operator/vehicles/{plate}/maintenance/{id}",
        "The car is back early, or the maintenance is called off", fleet.Vehicle,
        tag="Operator", access="operator", errors=_READ_RENTAL,
    ),
    Operation(
        "get_calendar", "GET", "/operator/calendar",
        "What a branch has sold and has left, by class and hour, and where its cars are",
        fleet.Calendar, tag="Operator", access="operator", query=fleet.CalendarQuery,
        errors=(*_OPERATOR_LIST, "not_found"),
    ),
    Operation(
        "put_overbooking", "PUT", "/operator/overbooking",
        "How far a class may be sold beyond its cars", fleet.Overbooking, tag="Operator",
        access="operator", request=fleet.OverbookingRequest,
        errors=(*_BODY, *_READ_RENTAL, "supply_below_sold"),
    ),
    Operation(
        "get_rates", "GET", "/operator/rates",
        "Rate cards in force; with Accept: text/csv and branch_group one card as a file",
        rates.RateCards, tag="Operator", access="operator", query=rates.RatesQuery, csv=True,
        errors=(*_OPERATOR_LIST, "not_found", "not_acceptable"),
    ),
    Operation(
        "preview_rates", "POST", "/operator/rates/preview",
        "What a new card would change, and every fault by its line; writes nothing",
        rates.RateChanges, tag="Operator", access="operator", request=rates.NewRateCard,
        errors=("unauthenticated", *_BODY, "rate_version_exists"),
    ),
    Operation(
        "put_rates", "PUT", "/operator/rates",
        "Publish a new version of a card; offers that are signed stay as they are",
        rates.RateChanges, tag="Operator", access="operator", request=rates.NewRateCard,
        errors=("unauthenticated", *_BODY, "rate_version_exists"),
    ),
    Operation(
        "get_promo_codes", "GET", "/operator/promo-codes",
        "Every promo code, its rules and how often it was used", promotions.PromoCodes,
        tag="Operator", access="operator", errors=("unauthenticated",),
    ),
    Operation(
        "put_promo_code", "PUT", "/operator/promo-codes/{code}",
        "Make a promo code or give it other rules", promotions.PromoCode, tag="Operator",
        access="operator", request=promotions.PromoCodeRules,
        errors=("unauthenticated", *_BODY, "not_found"),
    ),
    _report(
        "utilisation", "Hours of cars that were there, rented and held, by day, branch and class",
        reports.UtilisationReport,
    ),
    _report(
        "revenue", "What rentals cost, by day of pick-up, branch and class",
        reports.RevenueReport,
    ),
    _report("manifest", "The cars that leave and come back, in order", reports.ManifestReport),
    _report(
        "payments", "Money that moved, by day, branch, purpose and method",
        reports.PaymentsReport,
    ),
    _report(
        "cancellations", "Cancellations, their fees and refunds, by day, branch and class",
        reports.CancellationsReport,
    ),
)  # fmt: skip

FEATURES = Operation("get_features", "GET", "/features", "What pages must know", renter.Features)
HEALTH = Operation("get_health", "GET", "/health", "Alive, asking no dependency", renter.Health)
READY = Operation(
    "get_readiness", "GET", "/health/ready", "Whether database and queues answer",
    renter.Readiness,
)  # fmt: skip
WEBHOOK = Operation(
    "receive_stripe_event", "POST", "/webhooks/stripe", "Stripe's signed events",
    None, tag="Vendor", errors=("invalid_signature", "payload_too_large"),
)  # fmt: skip
