"""What operators call."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from bff.operations.operation import (
    BODY,
    HANDOVER,
    KEYED,
    OPERATOR_LIST,
    READ_RENTAL,
    RENTAL,
    SUPPLY,
    Method,
    Operation,
)
from shared.contracts import (
    changes,
    charging,
    disputes,
    fleet,
    handover,
    operator,
    photos,
    promotions,
    rates,
    rental_messages,
    reports,
    reviews,
    upgrades,
)


def _report(name: str, summary: str, response: type[BaseModel]) -> Operation:
    return Operation(
        f"get_{name}_report", "GET", f"/operator/reports/{name}", summary, response,
        tag="Operator", access="operator", query=reports.ReportQuery, csv=True,
        errors=(*OPERATOR_LIST, "not_found", "not_acceptable"),
    )  # fmt: skip


def _counter(
    name: str, method: Method, call: str, summary: str, response: type[BaseModel], **more: Any
) -> Operation:
    more |= {"tag": "Operator", "access": "operator"}
    return Operation(name, method, RENTAL + call, summary, response, **more)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "list_rentals", "GET", "/operator/rentals", "Rentals, the newest booking first",
        operator.RentalPage, tag="Operator", access="operator", query=operator.RentalsQuery,
        errors=OPERATOR_LIST,
    ),
    Operation(
        "take_counter_payment", "POST", "/operator/rentals/{reference}/payments",
        "Record cash or a terminal's payment", operator.Settled, tag="Operator",
        status=HTTPStatus.CREATED, access="operator", request=operator.CounterPayment,
        idempotent=True,
        errors=(*BODY, *KEYED, *READ_RENTAL, "not_payable", "amount_exceeds_due"),
    ),
    Operation(
        "give_goodwill", "POST", "/operator/rentals/{reference}/refunds",
        "Give back a part of what was paid online, as a favour", operator.Settled,
        tag="Operator", status=HTTPStatus.ACCEPTED, access="operator",
        request=operator.Goodwill, idempotent=True,
        errors=(*BODY, *KEYED, *READ_RENTAL, "amount_exceeds_paid"),
    ),
    _counter(
        "suggest_vehicle", "GET", "check-out", "Free cars for a rental, the best first",
        handover.VehicleSuggestion, errors=(*READ_RENTAL, "illegal_transition"),
    ),
    _counter(
        "list_upgrades", "GET", "upgrade", "How short a rental's class is, and better ones",
        upgrades.Upgrades, errors=(*READ_RENTAL, "illegal_transition"),
    ),
    _counter(
        "upgrade_rental", "POST", "upgrade", "A better class at the same price, ahead of time",
        upgrades.Upgraded, request=upgrades.UpgradeRequest,
        errors=(*BODY, *READ_RENTAL, "illegal_transition", "car_unavailable"),
    ),
    _counter(
        "check_out", "POST", "check-out", "The car leaves; the deposit is asked for",
        handover.CheckedOut, request=handover.CheckOutRequest,
        errors=(*HANDOVER, "car_unavailable", "payment_in_progress"),
    ),
    _counter(
        "exchange_vehicle", "POST", "exchange", "One car comes back and another leaves",
        handover.CheckedOut, request=handover.ExchangeRequest,
        errors=(*HANDOVER, "car_unavailable"),
    ),
    _counter(
        "check_in", "POST", "check-in", "The car is back; what comes on top is charged",
        handover.CheckedIn, request=handover.CheckInRequest, errors=HANDOVER,
    ),
    _counter(
        "add_photo", "POST", "photos",
        "Keep a photo of the car or of a damage, without what says where it was taken",
        photos.Photo, status=HTTPStatus.CREATED, query=photos.PhotoQuery,
        file_types=photos.PHOTO_TYPES, most_bytes=photos.MAXIMUM_PHOTO_BYTES,
        errors=(
            "unsupported_media_type", "validation_failed", "payload_too_large", *READ_RENTAL,
            "illegal_transition", "too_many_photos",
        ),
    ),
    _counter(
        "discard_photo", "POST", "photos/{id}/discard", "Let a photo go, for a reason",
        photos.PhotoDiscarded, request=photos.PhotoDiscard, errors=(*BODY, *READ_RENTAL),
    ),
    _counter(
        "quote_extension", "GET", "extension", "What a later return would cost, if it can be had",
        handover.Extension, query=handover.ExtensionQuery,
        errors=(*READ_RENTAL, "illegal_transition", "period_invalid", "validation_failed"),
    ),
    _counter(
        "extend_rental", "POST", "extension", "Agree a later return and charge it",
        handover.Extension, request=handover.ExtensionRequest,
        errors=(*HANDOVER, "car_unavailable", "period_invalid"),
    ),
    _counter(
        "record_no_show", "POST", "no-show", "Nobody came for the car", handover.NoShow,
        request=handover.NoShowRequest, errors=(*BODY, *READ_RENTAL, "illegal_transition"),
    ),
    _counter(
        "cancel_for_renter", "POST", "cancellation", "Cancel by the policy", changes.Cancellation,
        status=HTTPStatus.ACCEPTED, request=changes.CancellationRequest, errors=HANDOVER[:-1],
    ),
    Operation(
        "list_overdue", "GET", "/operator/overdue", "Cars that should be back", handover.Overdue,
        tag="Operator", access="operator", query=handover.OverdueQuery, errors=OPERATOR_LIST,
    ),
    Operation(
        "hand_back_counter_payment", "POST", "/operator/rentals/{reference}/returned-payments",
        "Record what the counter handed back of what it took", operator.HandedBack,
        tag="Operator", status=HTTPStatus.CREATED, access="operator",
        request=operator.CounterPayment, idempotent=True,
        errors=(*BODY, *KEYED, *READ_RENTAL, "amount_exceeds_paid"),
    ),
    Operation(
        "add_charges", "POST", "/operator/rentals/{reference}/charges",
        "Add fines, tolls or damage; the card that was kept is asked for them",
        charging.Charged, tag="Operator", status=HTTPStatus.ACCEPTED, access="operator",
        request=charging.ChargesRequest, idempotent=True,
        errors=(*BODY, *KEYED, *READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "settle_deposit", "PUT", "/operator/rentals/{reference}/deposit",
        "Capture a part of the deposit or all of it; 0 releases it", charging.Deposit,
        tag="Operator", status=HTTPStatus.ACCEPTED, access="operator",
        request=charging.DepositRequest,
        errors=(
            *BODY, *READ_RENTAL, "not_payable", "amount_exceeds_deposit", "amount_exceeds_due",
        ),
    ),
    Operation(
        "list_waiting_messages", "GET", "/operator/messages",
        "Rentals whose renters wait for an answer, the longest waiting first",
        rental_messages.WaitingPage, tag="Operator", access="operator",
        query=rental_messages.WaitingQuery, errors=OPERATOR_LIST,
    ),
    Operation(
        "answer_message", "POST", "/operator/rentals/{reference}/messages",
        "Answer the renter, who is e-mailed it", rental_messages.RentalMessage, tag="Operator",
        status=HTTPStatus.CREATED, access="operator", request=rental_messages.NewMessage,
        errors=(*BODY, *READ_RENTAL, "illegal_transition", "rate_limited"),
    ),
    Operation(
        "settle_messages", "POST", "/operator/rentals/{reference}/messages/settled",
        "What waits needs no answer", rental_messages.ThreadSettled, tag="Operator",
        access="operator", errors=(*READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "list_comments", "GET", "/operator/reviews", "Comments to moderate, newest first",
        reviews.ModerationPage, tag="Operator", access="operator",
        query=reviews.ModerationQuery, errors=OPERATOR_LIST,
    ),
    Operation(
        "approve_comment", "POST", "/operator/reviews/{id}/approve", "Show it to everybody",
        reviews.ModeratedReview, tag="Operator", access="operator",
        errors=(*READ_RENTAL, "already_resolved"),
    ),
    Operation(
        "reject_comment", "POST", "/operator/reviews/{id}/reject", "Keep it back, for a reason",
        reviews.ModeratedReview, tag="Operator", access="operator", request=reviews.Rejection,
        errors=(*BODY, *READ_RENTAL, "already_resolved"),
    ),
    Operation(
        "get_audit", "GET", "/operator/audit", "Who did what, newest first",
        operator.AuditPage, tag="Operator", access="operator", query=operator.AuditQuery,
        errors=OPERATOR_LIST,
    ),
    Operation(
        "get_disputes", "GET", "/operator/disputes",
        "What cardholders dispute, newest first, and until when it must be answered",
        disputes.DisputePage, tag="Operator", access="operator", query=disputes.DisputesQuery,
        errors=OPERATOR_LIST,
    ),
    Operation(
        "get_poison_messages", "GET", "/operator/poison-messages",
        "Messages that no consumer could handle, of every queue", operator.DeadLetterPage,
        tag="Operator", access="operator", query=operator.DeadLetterQuery,
        errors=OPERATOR_LIST,
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
        errors=("unauthenticated", *BODY, "not_found", "already_resolved"),
    ),
    Operation(
        "get_operator_features", "GET", "/operator/features",
        "Every feature flag as App Configuration has it", operator.Switches, tag="Operator",
        access="operator", errors=("unauthenticated",),
    ),
    Operation(
        "put_operator_feature", "PUT", "/operator/features/{name}", "Turn a feature on or off",
        operator.Switch, tag="Operator", access="operator", request=operator.Turn,
        errors=("unauthenticated", *BODY, "not_found"),
    ),
    Operation(
        "get_reconciliation", "GET", "/operator/reconciliation",
        "What does not agree; a drift of 0 is healthy", operator.Reconciliation,
        tag="Operator", access="operator", query=operator.ReconciliationQuery,
        errors=OPERATOR_LIST,
    ),
    Operation(
        "list_vehicles", "GET", "/operator/vehicles", "The fleet, in order of plates",
        fleet.VehiclePage, tag="Operator", access="operator", query=fleet.VehiclesQuery,
        errors=OPERATOR_LIST,
    ),
    Operation(
        "add_vehicle", "POST", "/operator/vehicles", "A car joins the fleet", fleet.Vehicle,
        tag="Operator", status=HTTPStatus.CREATED, access="operator",
        request=fleet.VehicleRequest, errors=("unauthenticated", *BODY, "vehicle_exists"),
    ),
    Operation(
        "change_vehicle", "PUT", "/operator/vehicles/{plate}",
        "Change a car; another branch or class moves it, retired takes it out of the fleet",
        fleet.Vehicle, tag="Operator", access="operator", request=fleet.VehicleChange,
        errors=(*BODY, *READ_RENTAL, *SUPPLY, "supply_below_zero", "move_planned"),
    ),
    Operation(
        "plan_maintenance", "POST", "/operator/vehicles/{plate}/maintenance",
        "Keep a car from being rented and sold for a while", fleet.MaintenancePlanned,
        tag="Operator", status=HTTPStatus.CREATED, access="operator",
        request=fleet.MaintenanceRequest, errors=(*BODY, *READ_RENTAL, *SUPPLY),
    ),
    Operation(
        "end_maintenance", "DELETE", "/operator/vehicles/{plate}/maintenance/{id}",
        "The car is back early, or the maintenance is called off", fleet.Vehicle,
        tag="Operator", access="operator", errors=READ_RENTAL,
    ),
    Operation(
        "get_calendar", "GET", "/operator/calendar",
        "What a branch has sold and has left, by class and hour, and where its cars are",
        fleet.Calendar, tag="Operator", access="operator", query=fleet.CalendarQuery,
        errors=(*OPERATOR_LIST, "not_found"),
    ),
    Operation(
        "put_overbooking", "PUT", "/operator/overbooking",
        "How far a class may be sold beyond its cars", fleet.Overbooking, tag="Operator",
        access="operator", request=fleet.OverbookingRequest,
        errors=(*BODY, *READ_RENTAL, "supply_below_sold"),
    ),
    Operation(
        "get_rates", "GET", "/operator/rates",
        "Rate cards in force; with Accept: text/csv and branch_group one card as a file",
        rates.RateCards, tag="Operator", access="operator", query=rates.RatesQuery, csv=True,
        errors=(*OPERATOR_LIST, "not_found", "not_acceptable"),
    ),
    Operation(
        "preview_rates", "POST", "/operator/rates/preview",
        "What a new card would change, and every fault by its line; writes nothing",
        rates.RateChanges, tag="Operator", access="operator", request=rates.NewRateCard,
        errors=("unauthenticated", *BODY, "rate_version_exists"),
    ),
    Operation(
        "put_rates", "PUT", "/operator/rates",
        "Publish a new version of a card; offers that are signed stay as they are",
        rates.RateChanges, tag="Operator", access="operator", request=rates.NewRateCard,
        errors=("unauthenticated", *BODY, "rate_version_exists"),
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
        errors=("unauthenticated", *BODY, "not_found"),
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
