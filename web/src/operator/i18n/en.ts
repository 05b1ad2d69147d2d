/** English. */
import type { FrameKey } from ".";

export const en: Record<FrameKey, string> = {
  "frame.title": "Operations",
  "frame.nav": "Areas of operations",
  "frame.menu": "Menu",
  "frame.all_branches": "Every branch",
  "frame.branches": "Branches: {branches}",
  "frame.sign_out": "Sign out",
  "sign_in.title": "Rental operations",
  "sign_in.lead": "Sign in with your work account to serve renters and look after the fleet.",
  "sign_in.action": "Sign in",
  "sign_in.failed": "You could not be signed in. Please try again.",
  "forbidden.title": "No access",
  "forbidden.text":
    "Your account does not have the role of an operator, or this is not your branches'. Ask whoever manages the accounts.",
  "not_found.title": "Page not found",
  "not_found.text": "This address does not exist, or has moved.",
  "list.empty": "Nothing here.",
  "list.more": "Show more",
  "list.loading": "Loading…",
  "list.filter": "Filter",
  "list.reload": "Refresh",
  "action.cancel": "Back",
  "action.sending": "Sending…",
  "action.unknown":
    "We do not know whether it arrived. Repeating is safe: the same operation is not carried out twice.",
  "actor.you": "You",
  "actor.system": "System",
  "actor.renter": "Renter",
  "actor.account": "Account",
  "nav.desk": "Desk",
  "nav.care": "Customer care",
  "nav.fleet": "Fleet",
  "nav.company": "Company",
};
