"""The rhythm without saying anything: a preview of what comes, and a replay over the recorded history."""
