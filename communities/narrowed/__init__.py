"""Wagtail's own admin views, narrowed to what the person may see.

Found by walking every address of the admin as the editor of one organisation, looking for the draft of another: these
few ask no permission and have no hook. They stand at Wagtail's addresses, before Wagtail's (``admin_urls``).
"""
