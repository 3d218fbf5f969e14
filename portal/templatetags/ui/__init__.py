"""The components of the site: every tag renders one partial of ``templates/ui/``; ``/ui/`` shows them all in debug mode.

A module for each subject, all of them builtins of the templates (``settings.TEMPLATES``): no page says ``{% load %}``.
"""
