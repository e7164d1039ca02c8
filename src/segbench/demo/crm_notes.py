"""Labels and descriptions of everything in the demo CRM."""

from __future__ import annotations

from segbench.lake.tables import Note, Notes

NOTES = Notes(
    fields={
        "first_name": Note("First name", "Given name as typed in."),
        "last_name": Note("Last name", "Family name as typed in."),
        "email": Note("E-mail", "Address as typed in: may be bad, or shared by two contacts."),
        "email_status": Note(
            "E-mail status", "valid, invalid (not an address), unsubscribed, bounced or complained."
        ),
        "phone": Note("Phone", "International number with + and country prefix."),
        "company": Note("Company", "Employer, where known."),
        "country": Note("Country", "ISO 3166-1 code of two letters."),
        "city": Note("City", "City in the local language."),
        "time_zone": Note("Time zone", "IANA name, such as Europe/Berlin."),
        "language": Note("Language", "Preferred language, ISO 639-1 code."),
        "plan": Note("Plan", "free, starter, pro or enterprise."),
        "lifecycle_stage": Note("Lifecycle stage", "From subscriber to customer and evangelist."),
        "lead_score": Note("Lead score", "0 to 100; clicks, visits, replies and orders raise it."),
        "birthday": Note("Birthday", "Day of birth; 1970-01-01 is often a form's default."),
        "created_at": Note("Created", "When the contact was added."),
        "email_consent": Note("E-mail consent", "Agreed to e-mail; no value: never asked."),
        "sms_consent": Note("SMS consent", "Agreed to text messages; no value: never asked."),
        "do_not_disturb": Note("Do not disturb", "Asked not to be contacted at all."),
        "interests": Note("Interests", "What the contact likes, any number; no value: never said."),
        "shipping_city": Note("Shipping city", "Where orders go, where an address is known."),
        "last_order_at": Note("Last order", "When the newest order of the last year was paid."),
        "last_visit_at": Note("Last visit", "When a page was last seen in the last year."),
    },
    events={
        "email_sent": Note("E-mail sent", "A campaign was sent to the contact."),
        "email_delivered": Note("E-mail delivered", "The receiving server took the e-mail."),
        "email_opened": Note("E-mail opened", "Opened by the contact, or by a privacy proxy."),
        "email_clicked": Note("E-mail clicked", "A link in an e-mail was followed."),
        "email_replied": Note("E-mail replied", "The contact answered an e-mail."),
        "email_bounced": Note("E-mail bounced", "Not delivered; a hard bounce is final."),
        "email_unsubscribed": Note("E-mail unsubscribed", "The contact wants no more e-mail."),
        "email_complained": Note("E-mail complained", "The contact reported an e-mail as spam."),
        "page_visited": Note("Page visited", "A page of the web site was seen."),
        "form_submitted": Note("Form submitted", "A form on the web site was sent."),
        "cart_updated": Note("Cart updated", "Something was put into the cart."),
        "checkout_started": Note("Checkout started", "The cart was taken to the checkout."),
        "order_placed": Note("Order placed", "An order was paid."),
    },
    properties={
        "campaign": Note("Campaign", "The mailing that the e-mail belongs to."),
        "machine_open": Note("Machine open", "Opened by a mail privacy proxy, not by a person."),
        "link": Note("Link", "Address of the link that was followed."),
        "bounce_type": Note("Bounce type", "hard (no such mailbox) or soft (try again later)."),
        "page": Note("Page", "Path of the page on the web site."),
        "form": Note("Form", "Name of the form."),
        "product": Note("Product", "What was put into the cart, taken to checkout or ordered."),
        "amount": Note("Amount", "Value in euro, with two decimals."),
    },
)
"""Label and description of every field, event and property of the demo CRM."""
