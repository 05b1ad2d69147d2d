"""What renters call."""

from http import HTTPStatus

from bff.operations.operation import (
    BODY,
    KEYED,
    PERIOD,
    READ_RENTAL,
    Operation,
)
from shared.contracts import (
    account,
    catalogue,
    changes,
    documents,
    photos,
    rental_messages,
    renter,
    reviews,
)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "get_branches", "GET", "/branches", "Every branch, its hours and one-way pairs",
        catalogue.Branches,
    ),
    Operation("get_classes", "GET", "/classes", "Every class of cars", catalogue.CarClasses),
    Operation(
        "get_offers", "GET", "/offers", "Search: signed offers with itemised prices",
        renter.Offers, query=renter.OffersQuery, errors=("validation_failed", *PERIOD),
    ),
    Operation(
        "create_rental", "POST", "/rentals", "Book a car and ask for its payment",
        renter.RentalAccepted, status=HTTPStatus.ACCEPTED, request=renter.RentalRequest,
        idempotent=True,
        errors=(
            *BODY, *KEYED, "unauthenticated", "car_unavailable", "offer_expired",
            "promo_code_used_up",
            "request_in_progress", "offer_invalid", "offer_mismatch", "too_soon",
            "payment_method_unavailable", "rate_limited", "bookings_closed",
        ),
    ),
    Operation(
        "get_rental", "GET", "/rentals/{reference}", "One rental, its payment and timeline",
        renter.Rental, access="renter", conditional=True, errors=READ_RENTAL,
    ),
    Operation(
        "retry_payment", "POST", "/rentals/{reference}/payment", "Try to pay again",
        renter.PaymentRetried, status=HTTPStatus.ACCEPTED, access="renter",
        request=renter.PaymentChoice, idempotent=True,
        errors=(
            *BODY, *KEYED, *READ_RENTAL, "payment_in_progress", "not_payable",
            "payment_method_unavailable", "rate_limited",
        ),
    ),
    Operation(
        "preview_cancellation", "GET", "/rentals/{reference}/cancellation",
        "What cancelling now keeps and gives back", changes.Cancellation, access="renter",
        errors=(*READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "cancel_rental", "POST", "/rentals/{reference}/cancellation",
        "Cancel; again gives the same answer", changes.Cancellation,
        status=HTTPStatus.ACCEPTED, access="renter", request=changes.CancellationRequest,
        errors=(*BODY, *READ_RENTAL, "illegal_transition"),
    ),
    Operation(
        "search_modification", "GET", "/rentals/{reference}/modification",
        "What the rental can become: offers in which its own car counts as free",
        changes.ModificationOffers, access="renter", query=changes.ModificationQuery,
        errors=(
            "validation_failed", *READ_RENTAL, *PERIOD, "illegal_transition",
            "payment_in_progress", "offer_mismatch",
        ),
    ),
    Operation(
        "modify_rental", "POST", "/rentals/{reference}/modification",
        "Move a confirmed rental to a new offer, wholly or not at all", changes.Modification,
        status=HTTPStatus.ACCEPTED, access="renter", request=changes.ModificationRequest,
        idempotent=True,
        errors=(
            *BODY, *KEYED, *READ_RENTAL, "car_unavailable", "offer_expired",
            "promo_code_used_up",
            "request_in_progress", "offer_invalid", "offer_mismatch", "too_soon",
            "payment_method_unavailable", "payment_in_progress", "illegal_transition",
        ),
    ),
    Operation(
        "get_document", "GET", "/rentals/{reference}/documents/{name}",
        "The version in force of agreement.pdf or invoice.pdf", None, access="renter",
        conditional=True, media_type="application/pdf",
        errors=(*READ_RENTAL, "document_pending"),
    ),
    Operation(
        "sign_agreement", "POST", "/rentals/{reference}/signature",
        "Sign the agreement in force, once", documents.Signature,
        status=HTTPStatus.CREATED, access="renter", request=documents.SignatureRequest,
        errors=(
            *BODY, *READ_RENTAL, "document_pending", "document_changed", "already_signed",
            "illegal_transition",
        ),
    ),
    Operation(
        "get_photos", "GET", "/rentals/{reference}/photos",
        "Photos of the car as it left and came back, and what was damaged",
        photos.RentalPhotos, access="renter", errors=READ_RENTAL,
    ),
    Operation(
        "get_photo", "GET", "/rentals/{reference}/photos/{id}", "One photo", None,
        access="renter", conditional=True, media_type=photos.KEPT_TYPE, errors=READ_RENTAL,
    ),
    Operation(
        "get_review", "GET", "/rentals/{reference}/review",
        "What the renter gave this rental, and whether they may yet", reviews.Reviewing,
        access="renter", errors=READ_RENTAL,
    ),
    Operation(
        "review_rental", "POST", "/rentals/{reference}/review",
        "Rate a completed rental, once; a comment is shown when it was approved",
        reviews.OwnReview, status=HTTPStatus.CREATED, access="renter",
        request=reviews.ReviewRequest,
        errors=(*BODY, *READ_RENTAL, "forbidden", "illegal_transition", "already_reviewed"),
    ),
    Operation(
        "get_reviews", "GET", "/reviews", "Average rating, and approved comments, newest first",
        reviews.Reviews, query=reviews.ReviewsQuery, errors=("validation_failed",),
    ),
    Operation(
        "get_messages", "GET", "/rentals/{reference}/messages",
        "What renter and branch wrote each other, oldest first", rental_messages.Thread,
        access="renter", errors=READ_RENTAL,
    ),
    Operation(
        "write_message", "POST", "/rentals/{reference}/messages",
        "Write to the branch; the last message again is not written twice",
        rental_messages.RentalMessage, status=HTTPStatus.CREATED, access="renter",
        request=rental_messages.NewMessage,
        errors=(*BODY, *READ_RENTAL, "forbidden", "illegal_transition", "rate_limited"),
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
)  # fmt: skip
